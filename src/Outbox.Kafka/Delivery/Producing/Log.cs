using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Outbox.Kafka.Delivery.Producing;

internal static partial class Log
{
    [LoggerMessage(250, LogLevel.Warning, "Kafka producer: {Code}: {Reason}.{More}")]
    public static partial void ProducerError(this ILogger logger, ErrorCode code, string reason, string more);

    [LoggerMessage(251, LogLevel.Debug, "Kafka producer: {Facility}: {Message}")]
    public static partial void ProducerLog(this ILogger logger, string facility, string message);

    [LoggerMessage(256, LogLevel.Error, "The brokers refuse the credentials of Outbox:Kafka:Settings: {Reason}. Messages wait in the outbox.{More}")]
    public static partial void CredentialsRefused(this ILogger logger, string reason, string more);

    [LoggerMessage(252, LogLevel.Warning, "The Kafka producer was given up and will be built anew: {Reason}.{More}")]
    public static partial void ProducerAbandoned(this ILogger logger, string reason, string more);

    [LoggerMessage(259, LogLevel.Error, "What the last owners of this relay's lanes may have left open in Kafka could not be ended; it is tried again, and a lane's first batch does it too.")]
    public static partial void TakeoverFailed(this ILogger logger, Exception error);
}
