using Outbox.Inbox.Replaying;

namespace Outbox.Kafka.Inbox.Replaying;

/// <summary>Takes snapshots of an endpoint at an interval, and keeps the last few of its own. Of instances that are about to do so at the same moment, one is the first.</summary>
internal sealed class SnapshotSchedule(IInboxReplay replays, string endpoint, TimeSpan interval, IReadOnlyList<string> collections, TimeProvider time)
{
    private const string Reason = "scheduled";
    private const int Kept = 3;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private long? _looked;

    public async Task GoOnAsync(EndpointReplay? replay, CancellationToken cancellationToken)
    {
        if (replay is { Phase: not ReplayPhase.Done } || (_looked is { } looked && time.GetElapsedTime(looked) < (interval < LookAgain ? interval : LookAgain)))
        {
            return;
        }

        _looked = time.GetTimestamp();
        var taken = await replays.ListSnapshotsAsync(endpoint, cancellationToken).ConfigureAwait(false);
        foreach (var old in taken.Where(snapshot => snapshot.Reason == Reason).Skip(Kept))
        {
            await replays.DeleteSnapshotAsync(old.Id, cancellationToken).ConfigureAwait(false);
        }

        if (taken.Count == 0 || time.GetUtcNow() - taken[0].At >= interval)
        {
            await replays.SnapshotAsync(endpoint, collections, Reason, cancellationToken).ConfigureAwait(false);
        }
    }
}
