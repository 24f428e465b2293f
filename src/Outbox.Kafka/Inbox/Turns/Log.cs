using Microsoft.Extensions.Logging;
using Outbox.History.Replaying;
using Outbox.Inbox.Sequencing;

namespace Outbox.Kafka.Inbox.Turns;

internal static partial class Log
{
    [LoggerMessage(306, LogLevel.Error, "On endpoint {Endpoint}, version {Version} of entity '{EntityId}' has waited for its predecessor until its deadline: {Decision}.")]
    public static partial void GapOverdue(this ILogger logger, string endpoint, string entityId, long version, GapPolicy decision);

    [LoggerMessage(307, LogLevel.Error, "On endpoint {Endpoint} no more messages may wait; the sequence of entity '{EntityId}' goes on at version {Version}: {Decision}.")]
    public static partial void NoRoomInSequence(this ILogger logger, string endpoint, string entityId, long version, GapPolicy decision);

    [LoggerMessage(308, LogLevel.Warning, "Endpoint {Endpoint} could not look after waiting messages of topic {Topic}; it tries again.")]
    public static partial void SweepFailed(this ILogger logger, Exception error, string endpoint, string topic);

    [LoggerMessage(312, LogLevel.Warning, "Endpoint {Endpoint} asks the owner of topic {Topic} for versions {From} to {To} of entity '{EntityId}', which did not come (ask {Count}).")]
    public static partial void OwnerAsked(this ILogger logger, string endpoint, string topic, string entityId, long from, long to, int count);

    [LoggerMessage(313, LogLevel.Error, "The owner of topic {Topic} does not have versions {From} to {To} of entity '{EntityId}'; on endpoint {Endpoint} its sequence goes on without them.")]
    public static partial void VersionsVoid(this ILogger logger, string endpoint, string topic, string entityId, long from, long to);

    [LoggerMessage(314, LogLevel.Information, "On endpoint {Endpoint} it is said that versions {From} to {To} of entity '{EntityId}' do not exist, which nobody asks, or asks any more; it is left at that.")]
    public static partial void VoidIgnored(this ILogger logger, string endpoint, string entityId, long from, long to);

    [LoggerMessage(315, LogLevel.Information, "The owner of topic {Topic} says of its history for endpoint {Endpoint}: {State}, {Events} of about {Total} events. {Error}")]
    public static partial void HistorySaid(this ILogger logger, string topic, string endpoint, HistoryReplayState state, long events, long total, string? error);
}
