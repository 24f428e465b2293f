using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Outbox.Kafka.Delivery.Producing;

internal static partial class Log
{
    [LoggerMessage(250, LogLevel.Warning, "Kafka producer: {Code}: {Reason}")]
    public static partial void ProducerError(this ILogger logger, ErrorCode code, string reason);

    [LoggerMessage(251, LogLevel.Debug, "Kafka producer: {Facility}: {Message}")]
    public static partial void ProducerLog(this ILogger logger, string facility, string message);

    [LoggerMessage(252, LogLevel.Warning, "The Kafka producer was given up and will be built anew: {Reason}")]
    public static partial void ProducerAbandoned(this ILogger logger, string reason);

    [LoggerMessage(253, LogLevel.Debug, "No broker tells of the partitions of topic {Topic}: {Reason}")]
    public static partial void PartitionsUnknown(this ILogger logger, string topic, string reason);
}
