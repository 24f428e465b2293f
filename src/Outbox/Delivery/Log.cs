using Microsoft.Extensions.Logging;

namespace Outbox.Delivery;

internal static partial class Log
{
    [LoggerMessage(201, LogLevel.Warning, "Relaying failed: {Reason}. The next attempt is in {Wait}; nothing is lost meanwhile.")]
    public static partial void RelayFailed(this ILogger logger, Exception error, string reason, TimeSpan wait);

    [LoggerMessage(202, LogLevel.Error, "Message {MessageId} ({Type}) of entity {EntityId} could not be published to topic {Topic} and was parked after {Attempts} attempts: {Error}")]
    public static partial void MessageParked(this ILogger logger, string messageId, string type, string entityId, string topic, int attempts, string error);

    [LoggerMessage(203, LogLevel.Warning, "Message {MessageId} ({Type}) of entity {EntityId} expired at {ExpiresAt} and was dropped unpublished.")]
    public static partial void MessageExpired(this ILogger logger, string messageId, string type, string entityId, DateTimeOffset? expiresAt);

    [LoggerMessage(204, LogLevel.Warning, "Watching for messages of other processes failed; until it works again they are found by polling every {QueryDelay}.")]
    public static partial void WatchFailed(this ILogger logger, Exception error, TimeSpan queryDelay);

    [LoggerMessage(205, LogLevel.Warning, "The broker answered nothing to a batch: {Reason}. Its messages wait and are tried again; others go on.")]
    public static partial void BatchUnanswered(this ILogger logger, string reason);

    [LoggerMessage(206, LogLevel.Warning, "Relaying failed while the service was stopping: {Reason}. What was published and not removed from the outbox is published again by the next relay.")]
    public static partial void RelayFailedWhileStopping(this ILogger logger, Exception error, string reason);

    [LoggerMessage(210, LogLevel.Information, "Relay took {Taken} lanes and holds {Held} of {Lanes}.")]
    public static partial void LanesAcquired(this ILogger logger, int taken, int held, int lanes);

    [LoggerMessage(211, LogLevel.Information, "Relay gave {Count} lanes back.")]
    public static partial void LanesReleased(this ILogger logger, int count);

    [LoggerMessage(212, LogLevel.Warning, "The relay's leases could not be renewed; it stops publishing before they end.")]
    public static partial void LeasesNotRenewed(this ILogger logger, Exception error);

    [LoggerMessage(213, LogLevel.Warning, "The relay's leases could not be given back; another relay takes over when they end, within {LeaseDuration}.")]
    public static partial void LeasesNotReleased(this ILogger logger, Exception error, TimeSpan leaseDuration);
}
