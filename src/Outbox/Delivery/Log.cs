using Microsoft.Extensions.Logging;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Delivery;

internal static partial class Log
{
    [LoggerMessage(201, LogLevel.Warning, "Relaying failed: {What} failed: {Reason}. The next attempt is in {Wait}; nothing is lost meanwhile.")]
    public static partial void RelayFailed(this ILogger logger, Exception error, string what, string reason, TimeSpan wait);

    [LoggerMessage(202, LogLevel.Error, "Message {MessageId} ({Type}) of entity {Entity} could not be published to topic {Topic} and was parked after {Attempts} attempts: {Error}")]
    public static partial void MessageParked(this ILogger logger, string messageId, string type, Entity entity, string topic, int attempts, string error);

    [LoggerMessage(203, LogLevel.Warning, "Message {MessageId} ({Type}) of entity {Entity} expired at {ExpiresAt} and was dropped unpublished.")]
    public static partial void MessageExpired(this ILogger logger, string messageId, string type, Entity entity, DateTimeOffset? expiresAt);

    [LoggerMessage(204, LogLevel.Warning, "Watching for messages of other processes failed; until it works again they are found by polling every {QueryDelay}.")]
    public static partial void WatchFailed(this ILogger logger, Exception error, TimeSpan queryDelay);

    [LoggerMessage(205, LogLevel.Warning, "Nothing gets through to {Place}: {Reason}. Its messages wait and are tried again, {MaxRetryDelay} apart at most; others go on.")]
    public static partial void PlaceCloses(this ILogger logger, Place place, string reason, TimeSpan maxRetryDelay);

    [LoggerMessage(206, LogLevel.Warning, "Relaying failed while the service was stopping: {Reason}. What was published and not removed from the outbox is published again by the next relay.")]
    public static partial void RelayFailedWhileStopping(this ILogger logger, Exception error, string reason);

    [LoggerMessage(207, LogLevel.Information, "Messages get through to {Place} again, after {Duration}.")]
    public static partial void PlaceOpens(this ILogger logger, Place place, TimeSpan duration);

    [LoggerMessage(208, LogLevel.Information, "No message waits for {Place} any more, to which nothing got through for {Duration}.")]
    public static partial void PlaceForgotten(this ILogger logger, Place place, TimeSpan duration);

    [LoggerMessage(209, LogLevel.Warning, "Message {MessageId} ({Type}) of entity {Entity} could not be published to topic {Topic}, for the {Failures}. time: {Error}. It is tried again, and its entity waits.")]
    public static partial void MessageFailed(this ILogger logger, string messageId, string type, Entity entity, string topic, int failures, string error);

    [LoggerMessage(210, LogLevel.Information, "Relay took {Taken} lanes and holds {Held} of {Lanes}.")]
    public static partial void LanesAcquired(this ILogger logger, int taken, int held, int lanes);

    [LoggerMessage(211, LogLevel.Information, "Relay gave {Count} lanes back.")]
    public static partial void LanesReleased(this ILogger logger, int count);

    [LoggerMessage(212, LogLevel.Warning, "The relay's leases could not be renewed; it stops publishing before they end.")]
    public static partial void LeasesNotRenewed(this ILogger logger, Exception error);

    [LoggerMessage(213, LogLevel.Warning, "The relay's leases could not be given back; another relay takes over when they end, within {LeaseDuration}.")]
    public static partial void LeasesNotReleased(this ILogger logger, Exception error, TimeSpan leaseDuration);

    [LoggerMessage(214, LogLevel.Warning, "{Reason}")]
    public static partial void LeasesSlow(this ILogger logger, string reason);

    [LoggerMessage(215, LogLevel.Information, "The relay's leases are confirmed in time again, in {Took}.")]
    public static partial void LeasesInTime(this ILogger logger, TimeSpan took);

    [LoggerMessage(216, LogLevel.Warning, "Message {MessageId} ({Type}) of entity {Entity} is left to a newer instance, which knows how to publish it: {Reason}. It is parked when it is older than {UnknownMessageAge}. The same is not logged again.")]
    public static partial void MessageNotKnown(this ILogger logger, string messageId, string type, Entity entity, string reason, TimeSpan unknownMessageAge);

    [LoggerMessage(217, LogLevel.Error, "The publisher threw for {Found} of a batch of {Count} messages ({MessageIds}). They are tried again alone, and the others go on.")]
    public static partial void PublisherThrew(this ILogger logger, Exception? error, int found, int count, string messageIds);

    [LoggerMessage(218, LogLevel.Error, "Message {MessageId} ({Type}) of entity {Entity}, which is repeated for endpoint {Endpoint}, cannot be published and is dropped; it is kept, and is put back when the endpoint asks again: {Error}")]
    public static partial void ReplayRefused(this ILogger logger, string messageId, string type, Entity entity, string endpoint, string? error);

    [LoggerMessage(219, LogLevel.Warning, "What is paused could not be read; until it can, what was paused before stays so until its end, and nothing else does. It is tried again every second.")]
    public static partial void PausesNotRead(this ILogger logger, Exception error);
}
