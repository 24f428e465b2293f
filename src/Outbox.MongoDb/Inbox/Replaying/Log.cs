using Microsoft.Extensions.Logging;

namespace Outbox.MongoDb.Inbox.Replaying;

internal static partial class Log
{
    [LoggerMessage(340, LogLevel.Warning, "Replay {Generation} of endpoint {Endpoint} begins, from {From}: {Reason}")]
    public static partial void ReplayBegins(this ILogger logger, string endpoint, int generation, string from, string reason);

    [LoggerMessage(341, LogLevel.Information, "Snapshot {Id} of endpoint {Endpoint} begins: {Reason}")]
    public static partial void SnapshotBegins(this ILogger logger, string endpoint, string id, string reason);

    [LoggerMessage(347, LogLevel.Warning, "Replay or snapshot {Generation} of endpoint {Endpoint} was cancelled by a person: {Reason}")]
    public static partial void ReplayCancelled(this ILogger logger, string endpoint, int generation, string reason);
}
