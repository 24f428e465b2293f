namespace Outbox.Kafka.Installation;

/// <summary>A right is missing to look at a topic.</summary>
internal sealed class TopicDeniedException(string topic, string right) : Exception($"The right {right} on topic '{topic}' is missing. Grant it, or leave {KafkaOptions.Section}:CreateTopics unset.");
