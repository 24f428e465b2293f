using Microsoft.Extensions.Logging;

namespace Outbox.Kafka.Installation;

internal static partial class Log
{
    [LoggerMessage(260, LogLevel.Information, "Topic '{Topic}' was created")]
    public static partial void TopicCreated(this ILogger logger, string topic);

    [LoggerMessage(261, LogLevel.Warning, "Topic '{Topic}' has {Partitions} partitions, and {Expected} are configured: at most {Partitions} consumers of a group share its "
        + "work. Adding partitions moves entities between them, so let consumers catch up first")]
    public static partial void TooFewPartitions(this ILogger logger, string topic, int partitions, int expected);

    [LoggerMessage(262, LogLevel.Warning, "The topics could not be looked at, and the service starts without: {Reason}. Messages wait in the outbox until the brokers answer.")]
    public static partial void TopicsNotChecked(this ILogger logger, Exception error, string reason);

    [LoggerMessage(265, LogLevel.Warning, "Topic '{Topic}' keeps {Replicas} copies of a message, and {Expected} are configured (t.ReplicationFactor): as many brokers less may fail before messages "
        + "are lost. Reassign its partitions to more brokers, or lower the setting.")]
    public static partial void TooFewReplicas(this ILogger logger, string topic, int replicas, short expected);

    [LoggerMessage(266, LogLevel.Warning, "A topic could not be looked at, and the service starts without: {Reason}")]
    public static partial void TopicDenied(this ILogger logger, string reason);

    [LoggerMessage(263, LogLevel.Warning, "Topic '{Topic}' keeps messages {Retention}, and the inbox of endpoint {Endpoint} remembers them for {Window} (Outbox:DuplicateDetectionWindow). What "
        + "Kafka delivers again after that, because offsets were lost or set back, is processed again. Make the window at least as long")]
    public static partial void WindowTooShort(this ILogger logger, string endpoint, string topic, string retention, TimeSpan window);

    [LoggerMessage(264, LogLevel.Debug, "How long topic '{Topic}' keeps its messages is not known, and not compared with Outbox:DuplicateDetectionWindow: {Reason}")]
    public static partial void RetentionUnknown(this ILogger logger, Exception error, string topic, string reason);

    [LoggerMessage(267, LogLevel.Warning, "There is no topic '{Topic}' to ask the owner on for versions that did not come (AskOwner): {Reason} The owner creates it where it says t.AnswerGaps.")]
    public static partial void NobodyToAsk(this ILogger logger, string topic, string reason);
}
