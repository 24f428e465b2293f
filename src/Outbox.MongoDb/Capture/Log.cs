using Microsoft.Extensions.Logging;

namespace Outbox.MongoDb.Capture;

internal static partial class Log
{
    [LoggerMessage(110, LogLevel.Warning, "Topic {Topic} has messages that bring a version and messages that have one counted ('{Type}' just now). Of one entity, their order "
        + "would be meaningless, because a counter knows nothing of the versions that were given to it. Set t.Versions on the topic, and what differs is refused where it is published.")]
    public static partial void VersionsMixed(this ILogger logger, string topic, string type);
}
