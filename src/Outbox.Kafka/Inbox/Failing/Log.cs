using Microsoft.Extensions.Logging;

namespace Outbox.Kafka.Inbox.Failing;

internal static partial class Log
{
    [LoggerMessage(330, LogLevel.Error, "The kill switch pauses endpoint {Topic} of group {Group} for {RestartTimeout}: {Failures} of {Attempts} messages failed. Until then nothing is processed "
        + "and nothing is parked. The last error:")]
    public static partial void KillSwitchTripped(this ILogger logger, Exception error, string topic, string group, TimeSpan restartTimeout, int failures, int attempts);

    [LoggerMessage(331, LogLevel.Information, "The kill switch lets endpoint {Topic} of group {Group} go on.")]
    public static partial void KillSwitchRestarted(this ILogger logger, string topic, string group);

    [LoggerMessage(332, LogLevel.Warning, "The message at {Position} that failed on endpoint {Endpoint} cannot be published to the dead letter topic {Topic} now; it waits and is tried again.")]
    public static partial void DeadLetterWaits(this ILogger logger, Exception error, string position, string endpoint, string topic);

    [LoggerMessage(333, LogLevel.Error, "The message at {Position} that failed on endpoint {Endpoint} is too large for the dead letter topic {Topic} with the headers that say what went wrong. It is "
        + "parked without a copy there; raise the topic's max.message.bytes.")]
    public static partial void DeadLetterTooLarge(this ILogger logger, string position, string endpoint, string topic);
}
