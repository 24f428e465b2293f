namespace Outbox.Operations.Seeing;

/// <summary>What takes nothing, as a relay found: a partition of a topic, a topic, or the whole cluster.</summary>
/// <param name="Topic">The topic; <see langword="null"/> is the cluster.</param>
/// <param name="Partition">The partition; <see langword="null"/> is all of the topic.</param>
/// <param name="Reason">Why.</param>
/// <param name="Since">Since when.</param>
public sealed record ClosedPlace(string? Topic, int? Partition, string Reason, DateTimeOffset Since)
{
    /// <inheritdoc/>
    public override string ToString() => this switch
    {
        { Topic: null } => "Kafka",
        { Partition: { } partition } => $"Partition {partition} of topic {Topic}",
        _ => $"Topic {Topic}",
    };
}
