using Microsoft.Extensions.Logging;

namespace Outbox.Kafka.Delivery.Sending;

internal static partial class Log
{
    [LoggerMessage(252, LogLevel.Warning, "The Kafka producer was given up and will be built anew: {Reason}")]
    public static partial void ProducerAbandoned(this ILogger logger, string reason);
}
