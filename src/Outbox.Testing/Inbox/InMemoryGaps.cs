using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Testing.Store;

namespace Outbox.Testing.Inbox;

/// <summary>Decides about messages whose predecessor does not come.</summary>
internal sealed class InMemoryGaps(InMemoryStore store, KeyLocks locks, TopicSequenceOptions options, TimeProvider time)
{
    public async Task<long?> GiveUpAsync(Sequence given, GapPolicy policy, long? version, CancellationToken cancellationToken)
    {
        var sequence = Name(given);
        using var turn = await locks.EnterAsync([sequence], cancellationToken).ConfigureAwait(false);
        return store.Run<long?>(tables =>
        {
            var state = tables.SequenceOf(sequence);
            var waiting = tables.Waiting(sequence).Select(entry => entry.Message.Version ?? 0).Where(later => later > state.Version);
            var next = version is { } asking ? waiting.Append(asking).Min() : waiting.DefaultIfEmpty(0).Min();
            if (next <= state.Version)
            {
                return null;
            }

            tables.Sequences[sequence] = new SequenceState(policy == GapPolicy.Skip ? next : next - 1, Waits: true, Ready: true) { IsMoved = true };
            return next;
        });
    }

    public async Task<IReadOnlyList<OverdueGap>> ExpireAsync(string endpoint, string topic, CancellationToken cancellationToken)
    {
        var overdue = store.Run(tables => tables.InboxParked
            .Where(entry => entry.Message.Endpoint == endpoint && entry.Message.Topic == topic && !entry.Overdue && IsOverdue(entry))
            .OrderBy(entry => entry.Message.Version)
            .DistinctBy(entry => entry.Sequence)
            .Select(entry => (entry.Sequence, entry.Message.Version))
            .ToList());
        var decided = new List<OverdueGap>();
        foreach (var (sequence, version) in overdue)
        {
            if (await DecideAsync(sequence, version ?? 0, cancellationToken).ConfigureAwait(false) is { } decision)
            {
                decided.Add(decision);
            }
        }

        return decided;
    }

    /// <summary>A person may leave the entity's type away, where only one entity of that id waits.</summary>
    private Sequence Name(Sequence sequence)
    {
        var waiting = sequence.EntityType.Length > 0 ? [] : store.Run(tables => tables.InboxParked
            .Where(entry => entry.Message.Reason == ParkReason.Gap && entry.Sequence with { EntityType = "" } == sequence)
            .Select(entry => entry.Sequence).Distinct().ToList());
        return waiting.Count switch
        {
            0 => sequence,
            1 => waiting[0],
            _ => throw new OutboxException($"Several entities with the id '{sequence.EntityId}' wait on endpoint '{sequence.Endpoint}'. Say which one with Sequence.EntityType."),
        };
    }

    private bool IsOverdue(ParkedEntry entry) => entry.Message.Reason == ParkReason.Gap && entry.Message.Deadline <= time.GetUtcNow();

    /// <returns><see langword="null"/> when the message's turn has come meanwhile.</returns>
    private async Task<OverdueGap?> DecideAsync(Sequence sequence, long version, CancellationToken cancellationToken)
    {
        var policy = options.Of(sequence.Topic).OnGap;
        if (policy == GapPolicy.Hold || store.Run(tables => tables.ParkedIn(sequence, ParkReason.Failed).Any()))
        {
            store.Run(tables =>
            {
                foreach (var entry in tables.Waiting(sequence).Where(IsOverdue))
                {
                    entry.Overdue = true;
                }
            });
            return new OverdueGap(sequence, version, GapPolicy.Hold);
        }

        var gone = await GiveUpAsync(sequence, policy, version, cancellationToken).ConfigureAwait(false);
        return gone is null ? null : new OverdueGap(sequence, version, policy);
    }
}
