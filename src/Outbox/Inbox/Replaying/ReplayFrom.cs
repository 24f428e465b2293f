namespace Outbox.Inbox.Replaying;

/// <summary>Where a replay begins.</summary>
public sealed record ReplayFrom
{
    private ReplayFrom()
    {
    }

    /// <summary>At the first message that Kafka has.</summary>
    public static ReplayFrom Beginning { get; } = new();

    /// <summary>The offsets; partitions that are not among them go on where they are. Empty where it does not begin at offsets.</summary>
    public IReadOnlyList<PartitionOffset> Offsets { get; private init; } = [];

    /// <summary>The time of the first messages.</summary>
    public DateTimeOffset? Time { get; private init; }

    /// <summary>The snapshot that is restored.</summary>
    public string? Snapshot { get; private init; }

    /// <summary>At these offsets; a topic by its name on the brokers. Partitions that are not named go on where they are.</summary>
    public static ReplayFrom At(params IReadOnlyList<PartitionOffset> offsets) =>
        offsets is { Count: > 0 } ? new ReplayFrom { Offsets = offsets } : throw new ArgumentException("Name at least one partition and its offset.", nameof(offsets));

    /// <summary>At the first message of each partition that has this time or a later one, by the records' own times.</summary>
    public static ReplayFrom Since(DateTimeOffset time) => new() { Time = time };

    /// <summary>At a snapshot: the endpoint's collections become what they were, and its group goes on where it was then.</summary>
    /// <param name="id">The snapshot: <see cref="IInboxReplay.ListSnapshotsAsync"/>.</param>
    public static ReplayFrom OfSnapshot(string id)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        return new ReplayFrom { Snapshot = id };
    }

    /// <inheritdoc/>
    public override string ToString() => this switch
    {
        { Snapshot: { } snapshot } => $"snapshot {snapshot}",
        { Time: { } time } => $"{time:O}",
        { Offsets.Count: > 0 } => string.Join(", ", Offsets),
        _ => "the beginning",
    };
}
