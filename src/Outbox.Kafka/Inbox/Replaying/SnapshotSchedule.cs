using Outbox.Inbox.Health;
using Outbox.Inbox.Replaying;

namespace Outbox.Kafka.Inbox.Replaying;

/// <summary>
/// Takes snapshots of an endpoint at an interval, and keeps the last few of its own. Of instances that are about to do so at the same moment, one is the first. Between two of them the endpoint consumes, however
/// long it takes to come back from one: the brokers may take seconds to give its partitions out again, and an interval that is shorter would leave it no time at all.
/// </summary>
internal sealed class SnapshotSchedule(IInboxReplay replays, EndpointStates states, string endpoint, TimeSpan interval, IReadOnlyList<string> collections, TimeProvider time)
{
    private const string Reason = "scheduled";
    private const int Kept = 3;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AskAgain = TimeSpan.FromHours(1);

    private long? _looked;
    private (int Generation, long At)? _givenUp;
    private long? _consuming;

    public async Task GoOnAsync(EndpointReplay? replay, CancellationToken cancellationToken)
    {
        if (!HadItsTurn(replay) || (_looked is { } looked && time.GetElapsedTime(looked) < Least(LookAgain)))
        {
            return;
        }

        _looked = time.GetTimestamp();
        var taken = await replays.ListSnapshotsAsync(endpoint, cancellationToken).ConfigureAwait(false);
        foreach (var old in taken.Where(snapshot => snapshot.Reason == Reason).Skip(Kept))
        {
            await replays.DeleteSnapshotAsync(old.Id, cancellationToken).ConfigureAwait(false);
        }

        if ((taken.Count == 0 || time.GetUtcNow() - taken[0].At >= interval) && !HasJustFailed(replay, taken))
        {
            await replays.SnapshotAsync(endpoint, collections, Reason, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether the last one, which any instance may have asked for, was given up or cancelled a short time ago: the endpoint stands still for each try.</summary>
    private bool HasJustFailed(EndpointReplay? last, IReadOnlyList<ReplaySnapshot> taken)
    {
        if (last?.Snapshot is null || taken.Any(snapshot => snapshot.Id == last.Snapshot))
        {
            return false;
        }

        if (_givenUp is not { } known || known.Generation != last.Generation)
        {
            _givenUp = known = (last.Generation, time.GetTimestamp());
        }

        return time.GetElapsedTime(known.At) < Least(AskAgain);
    }

    /// <summary>Whether the endpoint has partitions here, of whichever of its topics, and has had some for a while since it was stopped last.</summary>
    private bool HadItsTurn(EndpointReplay? replay)
    {
        if (replay is { Phase: not ReplayPhase.Done })
        {
            _consuming = null;
            return false;
        }

        return states.All.Any(state => state.Endpoint == endpoint && state.Partitions > 0) && time.GetElapsedTime(_consuming ??= time.GetTimestamp()) >= Least(LongestTurn);
    }

    private TimeSpan Least(TimeSpan length) => interval < length ? interval : length;
}
