using Microsoft.Extensions.Logging;

namespace Outbox.Kafka.Inbox.Receiving;

internal static partial class Log
{
    [LoggerMessage(351, LogLevel.Debug, "Kafka consumer: {Facility}: {Message}")]
    public static partial void ConsumerLog(this ILogger logger, string facility, string message);

    [LoggerMessage(355, LogLevel.Warning, "Offsets of group {Group} were not committed: {Reason}. The next commit takes them along, unless other instances have the partitions now: they get these messages again, and drop them.")]
    public static partial void CommitFailed(this ILogger logger, string group, string reason);

    [LoggerMessage(356, LogLevel.Warning, "Messages of partitions that group {Group} took away did not finish within {Timeout} (RevokeTimeout); they are cancelled and will be delivered again.")]
    public static partial void RevokedUnfinished(this ILogger logger, string group, TimeSpan timeout);

    [LoggerMessage(357, LogLevel.Information, "Group {Group} takes partitions from this instance: {Partitions}.")]
    public static partial void Revoked(this ILogger logger, string group, string partitions);

    [LoggerMessage(358, LogLevel.Debug, "Endpoint {Topic} of group {Group} has {Pending} messages in memory and reads no further until half of them are done.")]
    public static partial void ReadingPaused(this ILogger logger, string topic, string group, int pending);

    [LoggerMessage(359, LogLevel.Information, "Group {Group} gives partitions to this instance: {Partitions}.")]
    public static partial void Assigned(this ILogger logger, string group, string partitions);

    [LoggerMessage(360, LogLevel.Warning, "Endpoint {Topic} of group {Group} is held back: {Reason}")]
    public static partial void ReadingHeldBack(this ILogger logger, string topic, string group, string reason);

    [LoggerMessage(361, LogLevel.Information, "Endpoint {Topic} of group {Group} is no longer held back ({Cause}).")]
    public static partial void ReadingGoesOn(this ILogger logger, string topic, string group, string cause);
}
