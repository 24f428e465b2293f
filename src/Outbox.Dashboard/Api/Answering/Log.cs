using Microsoft.Extensions.Logging;

namespace Outbox.Dashboard.Api.Answering;

internal static partial class Log
{
    [LoggerMessage(620, LogLevel.Warning, "{Method} {Path} of the HTTP API could not be answered: the database is out of reach, or refuses.")]
    public static partial void ApiUnavailable(this ILogger logger, Exception error, string method, string path);

    [LoggerMessage(621, LogLevel.Error, "{Method} {Path} of the HTTP API failed.")]
    public static partial void ApiFailed(this ILogger logger, Exception error, string method, string path);
}
