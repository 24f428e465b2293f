namespace Outbox.Inbox.Replaying;

/// <summary>The last replay of an endpoint, or the last snapshot of it: for both, all of its instances stop first.</summary>
/// <param name="Endpoint">The endpoint: its group.</param>
/// <param name="Generation">Which one it is, counted from 1. Inbox records of earlier ones do not keep a message from being processed again while it runs.</param>
/// <param name="Phase">How far it is.</param>
/// <param name="From">Where it begins.</param>
/// <param name="Reason">Why, as the person who asked for it said.</param>
public sealed record EndpointReplay(string Endpoint, int Generation, ReplayPhase Phase, ReplayFrom From, string Reason)
{
    /// <summary>The snapshot that is taken, if it is for that.</summary>
    public string? Snapshot { get; init; }

    /// <summary>The service's own collections that the snapshot has.</summary>
    public IReadOnlyList<string> Collections { get; init; } = [];

    /// <summary>The offsets that the group had committed when it stopped: all before them was processed.</summary>
    public IReadOnlyList<PartitionOffset> Processed { get; init; } = [];

    /// <summary>The ends of the partitions at that moment: when the group has come to them, the replay is done.</summary>
    public IReadOnlyList<PartitionOffset> Until { get; init; } = [];

    /// <summary>Whether the endpoint's instances may consume.</summary>
    public bool MayConsume => Phase is ReplayPhase.Running or ReplayPhase.Done;

    /// <summary>How a message is to be taken while it runs; <see langword="null"/> when it does not.</summary>
    /// <param name="topic">The message's topic, as the brokers know it.</param>
    /// <param name="partition">Its partition.</param>
    /// <param name="offset">Its offset.</param>
    public ReplayScope? ScopeOf(string topic, int partition, long offset) => Phase == ReplayPhase.Running
        ? new ReplayScope(Generation, Processed.Any(end => end.Topic == topic && end.Partition == partition && offset < end.Offset), new PartitionOffset(topic, partition, offset))
        : null;
}
