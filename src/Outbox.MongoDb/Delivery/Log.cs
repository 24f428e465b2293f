using Microsoft.Extensions.Logging;
using Outbox.Messages;

namespace Outbox.MongoDb.Delivery;

internal static partial class Log
{
    [LoggerMessage(230, LogLevel.Warning, "Message {MessageId} was {What} by a person: {Reason}")]
    public static partial void DecidedByAPerson(this ILogger logger, string messageId, string what, string reason);

    [LoggerMessage(232, LogLevel.Warning, "{Count} messages were {What} by a person ({Filter}): {Reason}")]
    public static partial void ManyDecidedByAPerson(this ILogger logger, long count, string what, string filter, string reason);

    [LoggerMessage(231, LogLevel.Error, "Outbox document {MessageId} of entity {Entity} is not a message that this version can read, and was parked as it is: {Error}")]
    public static partial void UnreadableParked(this ILogger logger, string messageId, Entity? entity, string error);
}
