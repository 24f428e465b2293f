using Outbox.Inbox.Replaying;

namespace Outbox.Kafka.Inbox.Replaying;

/// <summary>The offsets of a group whose members have all left.</summary>
internal interface IGroupOffsets
{
    /// <summary>Becomes the group's only member, so that brokers take the offsets from it, and nobody else changes them.</summary>
    /// <exception cref="OutboxException">It did not get the partitions: another member, of an earlier release perhaps, is still there.</exception>
    Task<IJoinedGroup> JoinAsync(string group, IReadOnlyList<string> topics, CancellationToken cancellationToken);

    /// <summary>Whether nothing is left of what was there before these offsets.</summary>
    Task<bool> HaveReachedAsync(string group, IReadOnlyList<PartitionOffset> until, CancellationToken cancellationToken);
}
