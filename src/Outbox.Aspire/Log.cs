using Microsoft.Extensions.Logging;

namespace Outbox.Aspire;

internal static partial class Log
{
    [LoggerMessage(901, LogLevel.Information, "MongoDB listens on {MongoDb}, Kafka on {Kafka}.")]
    public static partial void Listening(this ILogger logger, string mongoDb, string kafka);

    [LoggerMessage(902, LogLevel.Error, "The embedded servers did not start.")]
    public static partial void NotStarted(this ILogger logger, Exception error);
}
