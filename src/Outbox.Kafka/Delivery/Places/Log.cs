using Microsoft.Extensions.Logging;

namespace Outbox.Kafka.Delivery.Places;

internal static partial class Log
{
    [LoggerMessage(257, LogLevel.Debug, "The brokers could not be asked about topic {Topic}: {Reason}")]
    public static partial void TopicUnknown(this ILogger logger, Exception error, string topic, string reason);

    [LoggerMessage(258, LogLevel.Warning, "Topic {Topic} has {Now} partitions, and had {Before}: entities move between partitions. A consumer can meet an entity's newer messages, in their new partition, "
        + "before the older ones in their old partition; it orders them by their versions.")]
    public static partial void PartitionsChanged(this ILogger logger, string topic, int before, int now);
}
