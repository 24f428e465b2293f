using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Outbox.Kafka.Inbox.Watching;

internal static partial class Log
{
    [LoggerMessage(350, LogLevel.Warning, "Kafka consumer of {Topic}: {Code}: {Reason}")]
    public static partial void ConsumerError(this ILogger logger, string topic, ErrorCode code, string reason);

    [LoggerMessage(352, LogLevel.Error, "The Kafka consumer of {Topic} in group {Group} was given up and will be built anew.")]
    public static partial void ConsumerReplaced(this ILogger logger, Exception error, string topic, string group);

    [LoggerMessage(364, LogLevel.Warning, "The Kafka consumer of {Topic} in group {Group} failed while it ended; what it had not committed is delivered again.")]
    public static partial void ConsumerEnded(this ILogger logger, Exception error, string topic, string group);

    [LoggerMessage(353, LogLevel.Warning, "Endpoint {Topic} of group {Group} does not consume: {Reason}")]
    public static partial void EndpointFaulted(this ILogger logger, string topic, string group, string reason);

    [LoggerMessage(354, LogLevel.Information, "Endpoint {Topic} of group {Group} consumes again.")]
    public static partial void EndpointRecovered(this ILogger logger, string topic, string group);

    [LoggerMessage(362, LogLevel.Warning, "The Kafka client of {Topic} in group {Group} gets no answer, and a fresh one does ({Silences} of {Most}); then it is replaced.")]
    public static partial void ClientSilent(this ILogger logger, string topic, string group, int silences, int most);

    [LoggerMessage(363, LogLevel.Error, "{Lost} messages of {Partition} were gone before group {Group} had read them: its offset was {Committed}, and the topic begins at {First} now. Look at the topic's "
        + "retention: it has to be longer than an outage of the consumers.")]
    public static partial void MessagesLost(this ILogger logger, string partition, string group, long lost, long committed, long first);
}
