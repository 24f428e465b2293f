using Microsoft.Extensions.Logging;
using Outbox.History.Replaying;

namespace Outbox.Kafka.History.Replaying;

internal static partial class Log
{
    [LoggerMessage(560, LogLevel.Information, "Endpoint {Endpoint} has asked for the history of topic {Topic}. It goes to {Into}, {PerSecond} events a second at most, when its turn has come (request {Request}).")]
    public static partial void ReplayAsked(this ILogger logger, string endpoint, string topic, string into, int? perSecond, string request);

    [LoggerMessage(561, LogLevel.Error, "The history of topic {Topic} was asked for, and is not replayed: {Refusal}")]
    public static partial void ReplayRefused(this ILogger logger, string topic, string refusal);

    [LoggerMessage(562, LogLevel.Information, "The history of topic {Topic} goes to {Into}: {Events} of about {Total} events so far")]
    public static partial void ReplayProgress(this ILogger logger, string topic, string into, long events, long total);

    [LoggerMessage(563, LogLevel.Information, "The history of topic {Topic} does not go to {Into} any more: {State}, with {Events} events. {Error}")]
    public static partial void ReplayEnded(this ILogger logger, string topic, string into, HistoryReplayState state, long events, string? error);

    [LoggerMessage(564, LogLevel.Warning, "The history of topic {Topic} cannot go to {Into} at the moment; it is tried again in {Rest}: {Error}")]
    public static partial void ReplayWaits(this ILogger logger, string topic, string into, TimeSpan rest, string error);

    [LoggerMessage(565, LogLevel.Warning, "A pass of the replays of histories failed; the next one goes on where it was.")]
    public static partial void ReplayPassFailed(this ILogger logger, Exception error);

    [LoggerMessage(566, LogLevel.Information, "The owner of topic {Topic} says of its history for endpoint {Endpoint}: {State}, {Events} of about {Total} events. {Error}")]
    public static partial void HistorySaid(this ILogger logger, string topic, string endpoint, HistoryReplayState state, long events, long total, string? error);
}
