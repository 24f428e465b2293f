using Microsoft.Extensions.Logging;

namespace Outbox.MongoDb.Installation;

internal static partial class Log
{
    [LoggerMessage(10, LogLevel.Warning, "Outbox:MongoDb:Install is false, and the user may not list the indexes of '{Collection}', so nobody checked that they are there: {Error}")]
    public static partial void IndexesNotChecked(this ILogger logger, string collection, string error);

    [LoggerMessage(11, LogLevel.Warning, "MongoDB went away while collections, indexes and lanes were prepared; they are prepared again: {Error}")]
    public static partial void InstallsAgain(this ILogger logger, string error);
}
