namespace Outbox.Diagnostics;

/// <summary>
/// The names of attributes of spans: those of the OpenTelemetry conventions for messaging and Kafka (https://opentelemetry.io/docs/specs/semconv/messaging/), and our own where they have none.
/// </summary>
internal static class MessagingAttributes
{
    public const string System = "messaging.system";
    public const string OperationName = "messaging.operation.name";
    public const string OperationType = "messaging.operation.type";
    public const string Destination = "messaging.destination.name";
    public const string Partition = "messaging.destination.partition.id";
    public const string ConsumerGroup = "messaging.consumer.group.name";
    public const string MessageId = "messaging.message.id";
    public const string ConversationId = "messaging.message.conversation_id";
    public const string BatchCount = "messaging.batch.message_count";
    public const string KafkaKey = "messaging.kafka.message.key";
    public const string KafkaOffset = "messaging.kafka.offset";
    public const string KafkaTombstone = "messaging.kafka.message.tombstone";
    public const string ErrorType = "error.type";

    public const string MessageType = "outbox.message.type";
    public const string EntityType = "outbox.entity.type";

    /// <summary>The values of <see cref="OperationName"/> and <see cref="OperationType"/>.</summary>
    public const string Create = "create";
    public const string Send = "send";
    public const string Process = "process";
}
