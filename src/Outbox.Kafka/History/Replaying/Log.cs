using Microsoft.Extensions.Logging;
using Outbox.History.Replaying;

namespace Outbox.Kafka.History.Replaying;

internal static partial class Log
{
    [LoggerMessage(562, LogLevel.Information, "The history of topic {Topic} goes to {Into}: {Events} of about {Total} events so far")]
    public static partial void ReplayProgress(this ILogger logger, string topic, string into, long events, long total);

    [LoggerMessage(563, LogLevel.Information, "The history of topic {Topic} does not go to {Into} any more: {State}, with {Events} events. {Error}")]
    public static partial void ReplayEnded(this ILogger logger, string topic, string into, HistoryReplayState state, long events, string? error);

    [LoggerMessage(564, LogLevel.Warning, "The history of topic {Topic} cannot go to {Into} at the moment; it is tried again every {Rest}: {Error}")]
    public static partial void ReplayWaits(this ILogger logger, string topic, string into, TimeSpan rest, string error);

    [LoggerMessage(565, LogLevel.Warning, "A pass of the replays of histories failed; the next one goes on where it was.")]
    public static partial void ReplayPassFailed(this ILogger logger, Exception error);
}
