using Outbox.Inbox.Replaying;

namespace Outbox.Dashboard.Api.Seeing;

/// <summary>What an endpoint had written, with its group's offsets at the same moment.</summary>
internal sealed record SnapshotAnswer(string Id, string Endpoint, DateTimeOffset At, IReadOnlyList<string> Collections, IReadOnlyList<PartitionOffset> Offsets, string Reason)
{
    public static SnapshotAnswer Of(ReplaySnapshot snapshot) => new(snapshot.Id, snapshot.Endpoint, snapshot.At, snapshot.Collections, snapshot.Offsets, snapshot.Reason);
}
