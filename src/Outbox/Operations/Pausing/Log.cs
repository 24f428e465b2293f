using Microsoft.Extensions.Logging;

namespace Outbox.Operations.Pausing;

internal static partial class Log
{
    [LoggerMessage(601, LogLevel.Warning, "{Target} is paused by {By} until {Until}: {Reason}")]
    public static partial void PauseBegins(this ILogger logger, PauseTarget target, Actor by, DateTimeOffset until, string reason);

    [LoggerMessage(602, LogLevel.Warning, "{Target} is not paused any more: the pause {HowItEnded}.")]
    public static partial void PauseEnds(this ILogger logger, PauseTarget target, string howItEnded);
}
