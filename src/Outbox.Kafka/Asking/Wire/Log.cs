using Microsoft.Extensions.Logging;

namespace Outbox.Kafka.Asking.Wire;

internal static partial class Log
{
    [LoggerMessage(380, LogLevel.Information, "Answers come on topic {Topic}, partition {Partition}, from offset {Offset}, as instance {Instance}.")]
    public static partial void RepliesBegin(this ILogger logger, string topic, int partition, long offset, string instance);

    [LoggerMessage(381, LogLevel.Debug, "An answer to request {RequestId} came on {Topic} when nobody waited for it any more; it is dropped and counted.")]
    public static partial void ReplyLate(this ILogger logger, string requestId, string topic);

    [LoggerMessage(382, LogLevel.Debug, "Request {RequestId} on endpoint {Endpoint} was to be answered by {Deadline}, which has passed; it is dropped {When} it was processed.")]
    public static partial void RequestExpired(this ILogger logger, string requestId, string endpoint, DateTimeOffset deadline, string when);

    [LoggerMessage(383, LogLevel.Warning, "The request at {Position} cannot be read by endpoint {Endpoint}: {Error} {Told}")]
    public static partial void RequestUnreadable(this ILogger logger, string position, string endpoint, string error, string told);

    [LoggerMessage(384, LogLevel.Warning, "Request {RequestId} ({Type}) failed on endpoint {Endpoint}; its asker is told.")]
    public static partial void RequestFailed(this ILogger logger, Exception error, string requestId, string type, string endpoint);

    [LoggerMessage(385, LogLevel.Warning, "The answer to request {RequestId} of endpoint {Endpoint} could not be sent to {Topic}, and its asker waits until its deadline: {Error}")]
    public static partial void AnswerNotSent(this ILogger logger, string requestId, string endpoint, string topic, string error);
}
