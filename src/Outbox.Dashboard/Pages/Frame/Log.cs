using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Outbox.Dashboard.Pages.Frame;

internal static partial class Log
{
    [LoggerMessage(660, LogLevel.Warning, "The dashboard could not ask the database for {Path}, and shows it as unknown.")]
    public static partial void PageCouldNotAsk(this ILogger logger, Exception error, PathString path);

    [LoggerMessage(661, LogLevel.Warning, "What was asked for at {Path} failed, and it is not known whether it was done.")]
    public static partial void PageCouldNotAct(this ILogger logger, Exception error, PathString path);
}
