using Microsoft.Extensions.Logging;

namespace Outbox.Operations.Bulk;

internal static partial class Log
{
    [LoggerMessage(614, LogLevel.Error, "Working on a bulk operation failed. What was noted was done; an instance goes on with the rest.")]
    public static partial void BulkFailed(this ILogger logger, Exception error);
}
