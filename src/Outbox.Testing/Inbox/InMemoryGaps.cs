using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Testing.Store;

namespace Outbox.Testing.Inbox;

/// <summary>Decides about messages whose predecessor does not come.</summary>
internal sealed class InMemoryGaps(InMemoryStore store, KeyLocks locks, TopicSequenceOptions options, TimeProvider time)
{
    public async Task<long?> GiveUpAsync(Sequence sequence, GapPolicy policy, long? version, CancellationToken cancellationToken)
    {
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
            .Select(entry => entry.Message)
            .OrderBy(message => message.Version)
            .DistinctBy(message => message.EntityId)
            .ToList());
        var decided = new List<OverdueGap>();
        foreach (var message in overdue)
        {
            if (await DecideAsync(new Sequence(endpoint, topic, message.EntityId!), message.Version ?? 0, cancellationToken).ConfigureAwait(false) is { } decision)
            {
                decided.Add(decision);
            }
        }

        return decided;
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
