using Microsoft.Extensions.Logging;

namespace Outbox.MongoDb.Inbox.Operations;

internal static partial class Log
{
    [LoggerMessage(330, LogLevel.Warning, "Parked message {Parked} is {Decision}: {Reason}")]
    public static partial void DecidedByAPerson(this ILogger logger, string parked, string decision, string reason);
}
