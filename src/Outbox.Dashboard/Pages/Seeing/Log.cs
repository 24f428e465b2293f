using Microsoft.Extensions.Logging;

namespace Outbox.Dashboard.Pages.Seeing;

internal static partial class Log
{
    [LoggerMessage(662, LogLevel.Warning, "The dashboard's charts have a gap: the database could not be asked.")]
    public static partial void SampleFailed(this ILogger logger, Exception error);
}
