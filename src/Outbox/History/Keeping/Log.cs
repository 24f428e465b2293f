using Microsoft.Extensions.Logging;

namespace Outbox.History.Keeping;

internal static partial class Log
{
    [LoggerMessage(501, LogLevel.Warning, "The snapshot of {EntityType} {EntityId} could not be stored. Loading it takes longer until one is; nothing else is wrong.")]
    public static partial void SnapshotFailed(this ILogger logger, Exception error, string entityType, string entityId);

    [LoggerMessage(502, LogLevel.Information, "Stored {Count} snapshots of entities of type {EntityType}; {Failed} could not be stored.")]
    public static partial void SnapshotsTaken(this ILogger logger, long count, string entityType, long failed);

    [LoggerMessage(503, LogLevel.Warning, "The snapshots of entities of type {EntityType} could not be stored. The next attempt is made when they are due again.")]
    public static partial void SnapshotsFailed(this ILogger logger, Exception error, string entityType);

    [LoggerMessage(504, LogLevel.Information, "Erased from {Count} events of {EntityType} {EntityId}: {Reason}.")]
    public static partial void Erased(this ILogger logger, long count, string entityType, string entityId, string reason);
}
