using Microsoft.Extensions.Logging;

namespace Outbox.MongoDb.Inbox.Operations;

internal static partial class Log
{
    [LoggerMessage(337, LogLevel.Warning, "Parked message {Parked} is {Decision}: {Reason}")]
    public static partial void DecidedByAPerson(this ILogger logger, string parked, string decision, string reason);

    [LoggerMessage(336, LogLevel.Warning, "{Count} parked messages are {Decision} ({Filter}): {Reason}")]
    public static partial void ManyDecidedByAPerson(this ILogger logger, long count, string decision, string filter, string reason);
}
