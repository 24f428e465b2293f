namespace Outbox.History.Projecting.Building;

/// <summary>How far a group has come on a topic.</summary>
/// <param name="Partitions">For each partition, the offset behind what is done, and that behind the last message.</param>
public sealed record FeedPosition(IReadOnlyDictionary<int, (long Done, long End)> Partitions)
{
    /// <summary>How many messages are left.</summary>
    public long Lag => Partitions.Values.Sum(partition => Math.Max(0, partition.End - partition.Done));

    /// <summary>Whether all is done that was there at an earlier moment.</summary>
    public bool Passes(FeedPosition earlier) => earlier.Partitions.All(then => Partitions.TryGetValue(then.Key, out var now) && now.Done >= then.Value.End);
}
