using Microsoft.Extensions.Logging;

namespace Outbox.Kafka.Inbox.DeadLettering;

internal static partial class Log
{
    [LoggerMessage(334, LogLevel.Warning, "The message at {Position} that failed on endpoint {Endpoint} cannot be published to the dead letter topic {Topic} now; it waits and is tried again.")]
    public static partial void DeadLetterWaits(this ILogger logger, Exception error, string position, string endpoint, string topic);

    [LoggerMessage(335, LogLevel.Error, "The message at {Position} that failed on endpoint {Endpoint} is too large for the dead letter topic {Topic} with the headers that say what went wrong. It is "
        + "parked without a copy there; raise the topic's max.message.bytes.")]
    public static partial void DeadLetterTooLarge(this ILogger logger, string position, string endpoint, string topic);
}
