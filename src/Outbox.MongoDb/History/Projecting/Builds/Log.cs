using Microsoft.Extensions.Logging;

namespace Outbox.MongoDb.History.Projecting.Builds;

internal static partial class Log
{
    [LoggerMessage(520, LogLevel.Information, "Read model {Build} is built from {Total} events of the history.")]
    public static partial void RebuildBegins(this ILogger logger, string build, long total);

    [LoggerMessage(521, LogLevel.Information, "Read model {Build} goes on being built: {Read} of {Total} events of the history were read before.")]
    public static partial void RebuildGoesOn(this ILogger logger, string build, long read, long total);

    [LoggerMessage(522, LogLevel.Information, "Read model {Build} is being built: {Share:P0}, {Read} of {Total} events, {PerSecond:0} events/s.")]
    public static partial void RebuildProgress(this ILogger logger, string build, double share, long read, long total, double perSecond);

    [LoggerMessage(523, LogLevel.Information, "Read model {Build} has read the history: {Events} events in {Elapsed}, {PerSecond:0} events/s.")]
    public static partial void RebuildEnds(this ILogger logger, string build, long events, TimeSpan elapsed, double perSecond);

    [LoggerMessage(524, LogLevel.Information, "Read model {Build} has caught up.")]
    public static partial void CaughtUp(this ILogger logger, string build);

    [LoggerMessage(525, LogLevel.Information, "Readers of {Name} use {Build} from now on, and {Before} until now: {Reason}.")]
    public static partial void Switched(this ILogger logger, string name, string build, string before, string reason);

    [LoggerMessage(526, LogLevel.Error, "Read model {Build} cannot project event {Type} of entity '{EntityId}' (version {Version}); it is parked, and the entity's row waits: {Error}")]
    public static partial void EventParked(this ILogger logger, string build, string type, string entityId, long version, string error);

    [LoggerMessage(527, LogLevel.Warning, "Read model {Build} could not be built further; it is tried again, from where it was.")]
    public static partial void RebuildInterrupted(this ILogger logger, Exception error, string build);

    [LoggerMessage(528, LogLevel.Information, "Read model {Build} is built by another instance now, or was retired.")]
    public static partial void RebuildElsewhere(this ILogger logger, string build);

    [LoggerMessage(529, LogLevel.Warning, "The read models could not be looked after; it is tried again.")]
    public static partial void PassFailed(this ILogger logger, Exception error);

    [LoggerMessage(530, LogLevel.Information, "Read model {Build} is to be built beside the one in use: {Reason}.")]
    public static partial void RebuildWanted(this ILogger logger, string build, string reason);

    [LoggerMessage(531, LogLevel.Information, "Read model {Build} was retired: {Reason}.")]
    public static partial void Retired(this ILogger logger, string build, string reason);

    [LoggerMessage(532, LogLevel.Information, "The rows of {Build}, which was retired, were deleted.")]
    public static partial void Dropped(this ILogger logger, string build);
}
