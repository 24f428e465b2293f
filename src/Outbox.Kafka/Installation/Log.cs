using Microsoft.Extensions.Logging;

namespace Outbox.Kafka.Installation;

internal static partial class Log
{
    [LoggerMessage(260, LogLevel.Information, "Topic '{Topic}' was created")]
    public static partial void TopicCreated(this ILogger logger, string topic);

    [LoggerMessage(261, LogLevel.Warning, "Topic '{Topic}' has {Partitions} partitions, and {Expected} are configured: at most {Partitions} consumers of a group share its "
        + "work. Adding partitions moves entities between them, so let consumers catch up first")]
    public static partial void TooFewPartitions(this ILogger logger, string topic, int partitions, int expected);

    [LoggerMessage(262, LogLevel.Warning, "The topics could not be looked at, and the service starts without: {Reason}. Messages wait in the outbox until the brokers answer")]
    public static partial void TopicsNotChecked(this ILogger logger, Exception error, string reason);
}
