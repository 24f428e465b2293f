using Outbox.Payloads;

namespace Outbox.Messages.Registration;

/// <summary>The settings of one topic.</summary>
/// <param name="Name">The Kafka topic.</param>
/// <param name="OnParked">What happens to an entity's later messages when one cannot be published.</param>
public sealed record TopicRegistration(string Name, ParkedPolicy OnParked)
{
    /// <summary>Whether its messages are kept for ever.</summary>
    public bool KeepsHistory { get; init; }

    /// <summary>The transforms of its payloads, in their order: <c>zstd,aes-gcm</c>; <see langword="null"/> for none.</summary>
    public string? Transforms { get; init; }

    /// <summary>How its large payloads are kept apart, if they are.</summary>
    internal ClaimCheckOptions? Claims { get; init; }

    /// <summary>The partitions to create the topic with, or to expect at least; <see langword="null"/> leaves it to the cluster.</summary>
    public int? Partitions { get; init; }

    /// <summary>The replication factor to create the topic with; <see langword="null"/> leaves it to the cluster.</summary>
    public short? ReplicationFactor { get; init; }

    /// <summary>How long the topic is created to keep its messages; <see langword="null"/> leaves it to the cluster.</summary>
    internal TimeSpan? Retention { get; init; }
}
