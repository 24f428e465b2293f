using Microsoft.Extensions.Logging;

namespace Outbox.Statistics;

internal static partial class Log
{
    [LoggerMessage(240, LogLevel.Warning, "How much there is in the outbox is not known: {Reason}. Its metrics are not up to date (outbox.stats.age); messages flow regardless. The same is not logged again.")]
    public static partial void StatisticsFailed(this ILogger logger, Exception? error, string reason);

    [LoggerMessage(241, LogLevel.Information, "How much there is in the outbox is known again.")]
    public static partial void StatisticsKnown(this ILogger logger);
}
