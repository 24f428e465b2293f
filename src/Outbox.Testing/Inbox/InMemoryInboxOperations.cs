using Outbox.Inbox;
using Outbox.Inbox.Operations;
using Outbox.Inbox.Sequencing;
using Outbox.Testing.Store;

namespace Outbox.Testing.Inbox;

/// <summary>Decisions about parked messages.</summary>
internal sealed class InMemoryInboxOperations(InMemoryStore store, InMemoryGaps gaps, KeyLocks locks, TimeProvider time) : IInboxOperations
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedInboxMessage>> ListParkedAsync(
        string? endpoint = null, ParkReason? reason = null, int limit = 100, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<ParkedInboxMessage>>(store.Run(tables => tables.InboxParked
            .Where(entry => (endpoint is null || entry.Message.Endpoint == endpoint) && (reason is null || entry.Message.Reason == reason))
            .OrderBy(entry => entry.ParkedAt)
            .Take(limit)
            .Select(entry => new ParkedInboxMessage(entry.Id, entry.Message, entry.ParkedAt, entry.Retry))
            .ToList()));

    /// <inheritdoc/>
    public Task<bool> RetryAsync(string id, string reason, CancellationToken cancellationToken = default) => Task.FromResult(store.Run(tables =>
    {
        var entry = tables.InboxParked.Find(entry => entry.Id == id);
        entry?.Retry = true;
        return entry is not null;
    }));

    /// <inheritdoc/>
    public async Task<bool> DiscardAsync(string id, string reason, CancellationToken cancellationToken = default)
    {
        if (store.Run(tables => tables.InboxParked.Find(entry => entry.Id == id)?.Message) is not { } message)
        {
            return false;
        }

        var sequence = message is { EntityId: { } entityId, Version: not null, Hold: false } ? new Sequence(message.Endpoint, message.Topic, entityId) { EntityType = message.EntityType ?? "" } : null;
        using var turn = await locks.EnterAsync(sequence is null ? [] : [sequence], cancellationToken).ConfigureAwait(false);
        return store.Run(tables =>
        {
            if (!tables.InboxParked.Exists(entry => entry.Id == id))
            {
                return false;
            }

            if (sequence is not null)
            {
                StepBehind(tables, sequence, message.Version ?? 0, message.InSequence || message.Reason == ParkReason.Gap);
            }

            tables.InboxParked.RemoveAll(entry => entry.Id == id);
            if (message.MessageId is not null)
            {
                tables.Inbox.TryAdd((message.Endpoint, message.MessageId), new ProcessedEntry(time.GetUtcNow()));
            }

            return true;
        });
    }

    /// <inheritdoc/>
    public async Task<bool> ReleaseAsync(Sequence sequence, string reason, CancellationToken cancellationToken = default) =>
        await gaps.GiveUpAsync(sequence, GapPolicy.Apply, null, cancellationToken).ConfigureAwait(false) is not null;

    private static void StepBehind(Tables tables, Sequence sequence, long version, bool inSequence)
    {
        var state = tables.SequenceOf(sequence);
        if (!inSequence && !state.HasBegun)
        {
            return;
        }

        if (state.Version < version - 1)
        {
            throw new OutboxException(
                $"Version {version} of entity '{sequence.EntityId}' waits for version {state.Version + 1} on endpoint '{sequence.Endpoint}'. Call ReleaseAsync for the "
                + "sequence, or discard the message that failed before it.");
        }

        if (state.Version == version - 1)
        {
            tables.Sequences[sequence] = state with { Version = version, Ready = state.Waits || state.Ready };
        }
    }
}
