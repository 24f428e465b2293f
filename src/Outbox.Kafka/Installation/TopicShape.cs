namespace Outbox.Kafka.Installation;

/// <summary>What a topic looks like.</summary>
/// <param name="Partitions">How many partitions it has.</param>
/// <param name="Replicas">How many brokers keep a copy of the partition that has the fewest.</param>
internal readonly record struct TopicShape(int Partitions, int Replicas);
