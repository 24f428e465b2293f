using Outbox.Inbox;
using Outbox.Inbox.Operations;
using Outbox.Inbox.Sequencing;
using Outbox.Operations;
using Outbox.Operations.Failures;
using Outbox.Testing.Store;

namespace Outbox.Testing.Inbox;

/// <summary>Decisions about parked messages.</summary>
internal sealed class InMemoryInboxOperations(InMemoryStore store, InMemoryGaps gaps, KeyLocks locks, TimeProvider time) : IInboxOperations
{
    /// <inheritdoc/>
    public Task<Page<ParkedSummary>> SearchAsync(ParkedInboxFilter filter, string? cursor = null, int size = 100, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<Page<ParkedSummary>> SearchDiscardedAsync(ParkedInboxFilter filter, string? cursor = null, int size = 100, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<ParkedInboxMessage?> GetAsync(string id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<IReadOnlyList<FailureGroup>> GroupsAsync(ParkedInboxFilter? filter = null, int limit = 100, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<long> CountAsync(ParkedInboxFilter filter, int limit = 100_000, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<bool> RestoreAsync(string id, Decision decision, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<bool> EditAndRetryAsync(string id, string payload, string etag, Decision decision, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedInboxMessage>> ListParkedAsync(
        string? endpoint = null, ParkReason? reason = null, int limit = 100, CancellationToken cancellationToken = default) =>
        ListParkedAsync(new ParkedInboxFilter { Endpoint = endpoint, Reason = reason }, limit, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedInboxMessage>> ListParkedAsync(ParkedInboxFilter filter, int limit = 100, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<ParkedInboxMessage>>(store.Run(tables => tables.InboxParked
            .Where(entry => Matches(filter, entry))
            .OrderBy(entry => entry.ParkedAt)
            .Take(limit)
            .Select(entry => new ParkedInboxMessage(entry.Id, entry.Message, entry.ParkedAt, entry.Retry || entry.Message.RetryAt is not null))
            .ToList()));

    /// <inheritdoc/>
    public Task<long> RetryAllAsync(ParkedInboxFilter filter, Decision given, CancellationToken cancellationToken = default) => Task.FromResult(store.Run(tables =>
    {
        var chosen = tables.InboxParked.FindAll(entry => entry.Message.Reason != ParkReason.Held && Matches(filter, entry));
        chosen.ForEach(entry => entry.Retry = true);
        return (long)chosen.Count;
    }));

    /// <inheritdoc/>
    public async Task<long> DiscardAllAsync(ParkedInboxFilter filter, Decision given, CancellationToken cancellationToken = default)
    {
        long count = 0;
        var chosen = store.Run(tables => tables.InboxParked.FindAll(entry => Matches(filter, entry)).OrderBy(entry => entry.Message.Version).Select(entry => entry.Id).ToList());
        foreach (var id in chosen)
        {
            try
            {
                count += await DiscardAsync(id, given, cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }
            catch (OutboxException)
            {
                // It waits for a predecessor that is not among them.
            }
        }

        return count;
    }

    /// <inheritdoc/>
    public Task<bool> RetryAsync(string id, Decision given, CancellationToken cancellationToken = default) => Task.FromResult(store.Run(tables =>
    {
        var entry = tables.InboxParked.Find(entry => entry.Id == id);
        entry?.Retry = true;
        return entry is not null;
    }));

    /// <inheritdoc/>
    public async Task<bool> DiscardAsync(string id, Decision given, CancellationToken cancellationToken = default)
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
                InboxSteps.NoteWhole(tables, InboxSteps.KeyOf(message.Endpoint, message.RecordTopic, message.MessageId), time.GetUtcNow());
            }

            return true;
        });
    }

    /// <inheritdoc/>
    public async Task<bool> ReleaseAsync(Sequence sequence, Decision given, CancellationToken cancellationToken = default) =>
        await gaps.GiveUpAsync(sequence, GapPolicy.Apply, null, cancellationToken).ConfigureAwait(false) is not null;

    private static bool Matches(ParkedInboxFilter filter, ParkedEntry entry) =>
        (filter.Endpoint is null || entry.Message.Endpoint == filter.Endpoint)
        && (filter.Reason is null || entry.Message.Reason == filter.Reason)
        && (filter.Topic is null || entry.Message.Topic == filter.Topic)
        && (filter.EntityType is null || entry.Message.EntityType == filter.EntityType)
        && (filter.EntityId is null || entry.Message.EntityId == filter.EntityId)
        && (filter.Error is null || entry.Message.Error.Contains(filter.Error, StringComparison.Ordinal))
        && (filter.ParkedFrom is null || entry.ParkedAt >= filter.ParkedFrom)
        && (filter.ParkedBefore is null || entry.ParkedAt < filter.ParkedBefore);

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
