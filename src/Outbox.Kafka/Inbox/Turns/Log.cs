using Microsoft.Extensions.Logging;
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
}
