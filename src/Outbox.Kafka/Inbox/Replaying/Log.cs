using Microsoft.Extensions.Logging;

namespace Outbox.Kafka.Inbox.Replaying;

internal static partial class Log
{
    [LoggerMessage(342, LogLevel.Warning, "Endpoint {Endpoint} is replayed ({Generation}), from {Begins}.")]
    public static partial void ReplayRuns(this ILogger logger, string endpoint, int generation, string begins);

    [LoggerMessage(343, LogLevel.Information, "Replay {Generation} of endpoint {Endpoint} is done.")]
    public static partial void ReplayDone(this ILogger logger, string endpoint, int generation);

    [LoggerMessage(344, LogLevel.Information, "Snapshot {Id} of endpoint {Endpoint} is taken.")]
    public static partial void SnapshotTaken(this ILogger logger, string id, string endpoint);

    [LoggerMessage(345, LogLevel.Warning, "Endpoint {Endpoint} could not look whether it is to be replayed, or a step of its replay failed; it tries again.")]
    public static partial void ReplayStepFailed(this ILogger logger, Exception error, string endpoint);

    [LoggerMessage(346, LogLevel.Error, "Snapshot {Id} of endpoint {Endpoint} is given up after {Tries} tries, so that the endpoint consumes again.")]
    public static partial void SnapshotAbandoned(this ILogger logger, Exception error, string id, string endpoint, int tries);
}
