using Microsoft.Extensions.Logging;

namespace Outbox.MongoDb.Delivery;

internal static partial class Log
{
    [LoggerMessage(230, LogLevel.Warning, "Message {MessageId} was {What} by a person: {Reason}")]
    public static partial void DecidedByAPerson(this ILogger logger, string messageId, string what, string reason);
}
