using Microsoft.Extensions.Logging;
using Outbox.Inbox.Replaying;

namespace Outbox.Kafka.Inbox.Replaying;

/// <summary>What one instance does for all: notes where the group has stopped, makes what the replay begins with, sets the offsets, and sees when it is done. Each step may be repeated by another one.</summary>
internal sealed class ReplayWork(IReplayStore store, IGroupOffsets offsets, TimeProvider time, ILogger logger)
{
    /// <summary>To ask how far a group is costs a connection.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    /// <summary>No snapshot is worth that its endpoint stands still.</summary>
    private const int MostTries = 3;

    private long _looked;
    private (int Generation, int Count) _failed;

    public async Task GoOnAsync(EndpointReplay replay, string instance, TimeSpan lease, CancellationToken cancellationToken)
    {
        if (replay.Phase == ReplayPhase.Running)
        {
            await EndAsync(replay, cancellationToken).ConfigureAwait(false);
        }
        else if (replay.Phase != ReplayPhase.Done && await store.LeadAsync(replay, instance, lease, cancellationToken).ConfigureAwait(false) is { } all)
        {
            try
            {
                await ResetAsync(replay, all, instance, lease, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (replay.Snapshot is not null && error is not ReplayLostException && !cancellationToken.IsCancellationRequested)
            {
                _failed = (replay.Generation, _failed.Generation == replay.Generation ? _failed.Count + 1 : 1);
                if (_failed.Count < MostTries || !await store.AbandonAsync(replay, instance, error.Message, cancellationToken).ConfigureAwait(false))
                {
                    throw;
                }

                logger.SnapshotAbandoned(error, replay.Snapshot, replay.Endpoint, MostTries);
            }
        }
    }

    public void Failed(Exception error, EndpointPresence self) => logger.ReplayStepFailed(error, self.Endpoint);

    private async Task ResetAsync(EndpointReplay replay, IReadOnlyList<EndpointPresence> all, string instance, TimeSpan lease, CancellationToken cancellationToken)
    {
        var topics = all.Select(other => other.Topic).Distinct(StringComparer.Ordinal).ToList();
        using var group = await offsets.JoinAsync(replay.Endpoint, topics, cancellationToken).ConfigureAwait(false);
        var noted = await store.NoteAsync(replay, group.Committed(), group.Ends(), cancellationToken).ConfigureAwait(false);
        if (noted.Phase != ReplayPhase.Resetting)
        {
            // A person has cancelled it.
            return;
        }

        var places = await store.PrepareAsync(noted, instance, lease, cancellationToken).ConfigureAwait(false);
        if (noted.Snapshot is not null)
        {
            logger.SnapshotTaken(noted.Snapshot, noted.Endpoint);
            return;
        }

        var begins = group.Begins(noted.From, noted.Processed);
        if (noted.From.Snapshot is not null)
        {
            // What had no offset when it was taken begins at its beginning.
            begins = [.. places, .. begins.Where(begin => !places.Any(place => place.Topic == begin.Topic && place.Partition == begin.Partition))];
        }

        if (await store.LeadAsync(noted, instance, lease, cancellationToken).ConfigureAwait(false) is null)
        {
            return;
        }

        group.Commit(begins);
        logger.ReplayRuns(noted.Endpoint, noted.Generation, string.Join(", ", begins));
        await store.AdvanceAsync(noted, ReplayPhase.Running, cancellationToken).ConfigureAwait(false);
    }

    private async Task EndAsync(EndpointReplay replay, CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_looked) < LookAgain)
        {
            return;
        }

        var hasEnded = await offsets.HaveReachedAsync(replay.Endpoint, replay.Until, cancellationToken).ConfigureAwait(false);
        _looked = time.GetTimestamp();
        if (hasEnded)
        {
            await store.AdvanceAsync(replay, ReplayPhase.Done, cancellationToken).ConfigureAwait(false);
            logger.ReplayDone(replay.Endpoint, replay.Generation);
        }
    }
}
