using Microsoft.Extensions.Logging;

namespace Outbox.Kafka.Inbox.Projecting;

internal static partial class Log
{
    [LoggerMessage(540, LogLevel.Information, "Read model {Build} follows topic {Topic}.")]
    public static partial void Follows(this ILogger logger, string build, string topic);

    [LoggerMessage(541, LogLevel.Information, "Read model {Build} follows its topic no more.")]
    public static partial void FollowsNoMore(this ILogger logger, string build);

    [LoggerMessage(542, LogLevel.Warning, "Which read models there are could not be found out; those that follow their topics go on, and it is tried again.")]
    public static partial void BuildsUnknown(this ILogger logger, Exception error);
}
