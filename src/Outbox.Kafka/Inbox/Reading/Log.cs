using Microsoft.Extensions.Logging;

namespace Outbox.Kafka.Inbox.Reading;

internal static partial class Log
{
    [LoggerMessage(320, LogLevel.Warning, "Endpoint {Endpoint} gets messages without a messageId from topic {Topic}. Each is known by its topic, partition and offset, so one that its "
        + "producer sends twice is processed twice. Have the producer set a messageId.")]
    public static partial void IdsDerived(this ILogger logger, string endpoint, string topic);
}
