using Microsoft.Extensions.Logging;
using Outbox.Inbox;

namespace Outbox.Kafka.Inbox.Ending;

internal static partial class Log
{
    [LoggerMessage(301, LogLevel.Error, "Message {MessageId} ({Type}) of {Position} failed on endpoint {Endpoint} after {Attempts} attempts and was parked.")]
    public static partial void FailedParked(this ILogger logger, Exception error, string? messageId, string? type, string position, string endpoint, int attempts);

    [LoggerMessage(302, LogLevel.Error, "The message at {Position} cannot be read by endpoint {Endpoint} and was parked: {Error}")]
    public static partial void UnreadableParked(this ILogger logger, string position, string endpoint, string error);

    [LoggerMessage(304, LogLevel.Warning, "Endpoint {Endpoint} cannot process messages now; the message at {Position} is tried again in {Wait}. Nothing is parked for it.")]
    public static partial void Outage(this ILogger logger, Exception error, string endpoint, string position, TimeSpan wait);

    [LoggerMessage(305, LogLevel.Information, "Endpoint {Endpoint} processes messages again.")]
    public static partial void OutageEnded(this ILogger logger, string endpoint);

    [LoggerMessage(309, LogLevel.Information, "Endpoint {Endpoint} tried parked message {MessageId} again: {Outcome}.")]
    public static partial void Retried(this ILogger logger, string endpoint, string? messageId, InboxOutcome outcome);

    [LoggerMessage(330, LogLevel.Error, "The kill switch pauses endpoint {Topic} of group {Group} for {RestartTimeout}: {Failures} of {Attempts} messages failed. Until then nothing is processed "
        + "and nothing is parked. The last error:")]
    public static partial void KillSwitchTripped(this ILogger logger, Exception error, string topic, string group, TimeSpan restartTimeout, int failures, int attempts);

    [LoggerMessage(331, LogLevel.Information, "The kill switch lets endpoint {Topic} of group {Group} go on.")]
    public static partial void KillSwitchRestarted(this ILogger logger, string topic, string group);

    [LoggerMessage(311, LogLevel.Warning, "The message at {Position} failed with what looks like an outage, but the database answers. It is tried again in {Wait} ({Failed} of {Most}); then it is parked.")]
    public static partial void FailedAlone(this ILogger logger, Exception error, string position, TimeSpan wait, int failed, int most);
}
