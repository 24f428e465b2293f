using Microsoft.Extensions.Logging;
using Outbox.Operations.Bulk;

namespace Outbox.MongoDb.Operations.Bulk;

internal static partial class Log
{
    [LoggerMessage(610, LogLevel.Information, "Bulk operation {Id} ({Action}) runs here: {Total} messages were found when it started, and {Done} are done.")]
    public static partial void BulkBegins(this ILogger logger, string id, BulkAction action, long total, long done);

    [LoggerMessage(611, LogLevel.Information, "Bulk operation {Id} is done.")]
    public static partial void BulkEnded(this ILogger logger, string id);

    [LoggerMessage(612, LogLevel.Information, "Bulk operation {Id} was cancelled, or another instance works on it now.")]
    public static partial void BulkLost(this ILogger logger, string id);

    [LoggerMessage(613, LogLevel.Warning, "Bulk operation {Id} could not be given back; another instance goes on after {Lease}.")]
    public static partial void BulkNotLeft(this ILogger logger, Exception error, string id, TimeSpan lease);
}
