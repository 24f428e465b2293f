using System.Globalization;
using Outbox.Messages;

namespace Outbox.Delivery.Publishing;

/// <summary>
/// Where messages go: a partition, a topic, or the whole cluster. What goes to one place is up or down together: when nothing gets through to it, its messages wait, and
/// others go on.
/// </summary>
/// <param name="Topic">The topic as <see cref="OutboxMessage.Topic"/> has it; <see langword="null"/> for every topic but those on MassTransit's bus.</param>
/// <param name="Partition">The partition; <see langword="null"/> for all of the topic's, or where it is not known.</param>
public readonly record struct Place(string? Topic, int? Partition = null)
{
    /// <summary>The whole cluster: wrong credentials, no broker that answers.</summary>
    public static readonly Place Cluster = new(Topic: null);

    /// <summary>Whether this place, or one within it, is <paramref name="other"/>.</summary>
    public bool Contains(Place other) => Topic is null
        ? other.Topic is null || !BusTopics.Contains(other.Topic)
        : Topic == other.Topic && (Partition is null || Partition == other.Partition);

    /// <summary>As it stands in logs and health: <c>topic orders</c>.</summary>
    public override string ToString() => this switch
    {
        { Topic: null } => "the cluster",
        { Partition: { } partition } => string.Create(CultureInfo.InvariantCulture, $"partition {partition} of topic {Topic}"),
        _ => $"topic {Topic}",
    };
}
