using Microsoft.Extensions.Logging;

namespace Outbox.MongoDb.Inbox;

internal static partial class Log
{
    [LoggerMessage(310, LogLevel.Warning, "MongoDB aborted the transaction of {Message} after {Took}; it is tried again (attempt {Aborted} of {Most} failed so).")]
    public static partial void TransactionAborted(this ILogger logger, Exception? error, string message, TimeSpan took, int aborted, int most);
}
