using Outbox.Inbox.Replaying;

namespace Outbox.Kafka.Inbox.Replaying;

/// <summary>A group as its only member sees it, until it leaves.</summary>
internal interface IJoinedGroup : IDisposable
{
    /// <summary>What the group had committed; partitions without a committed offset are left out.</summary>
    IReadOnlyList<PartitionOffset> Committed();

    /// <summary>The ends of the partitions.</summary>
    IReadOnlyList<PartitionOffset> Ends();

    /// <summary>Where a replay begins. A partition that has nothing from there on goes on where it was.</summary>
    /// <param name="from">What was asked for.</param>
    /// <param name="processed">Where the group has stopped.</param>
    IReadOnlyList<PartitionOffset> Begins(ReplayFrom from, IReadOnlyList<PartitionOffset> processed);

    void Commit(IReadOnlyList<PartitionOffset> offsets);
}
