using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Testing.Store;

namespace Outbox.Testing.Inbox;

/// <summary>The reorder buffer and what else is parked.</summary>
internal sealed class InMemoryReorderBuffer(InMemoryStore store, InMemoryGaps gaps, TopicSequenceOptions options, TimeProvider time)
    : IReorderBuffer, IInboxParking
{
    /// <inheritdoc/>
    public Task ParkAsync(ParkedMessage message, CancellationToken cancellationToken)
    {
        store.Run(tables => ParkedEntry.Put(tables.InboxParked, message, time.GetUtcNow()));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<WaitOutcome> AddAsync(Sequence sequence, ParkedMessage message, CancellationToken cancellationToken) => Task.FromResult(store.Run(tables =>
    {
        var state = tables.SequenceOf(sequence);
        tables.Sequences[sequence] = state with { Waits = true };
        if (state.Version >= message.Version - 1)
        {
            return WaitOutcome.Ready;
        }

        if (IsFull(tables, sequence, message))
        {
            return WaitOutcome.Full;
        }

        var now = time.GetUtcNow();
        ParkedEntry.Put(tables.InboxParked, message with { Reason = ParkReason.Gap, Deadline = now + options.Of(message.Topic).Deadline }, now);
        return WaitOutcome.Waiting;
    }));

    /// <inheritdoc/>
    public Task<ParkedMessage?> NextAsync(Sequence sequence, CancellationToken cancellationToken) => Task.FromResult(store.Run(tables =>
    {
        var state = tables.SequenceOf(sequence);
        if (!state.Waits)
        {
            return null;
        }

        var next = tables.Waiting(sequence).Where(entry => entry.Message.Version <= state.Version + 1).MinBy(entry => entry.Message.Version);
        if (next is null)
        {
            tables.Sequences[sequence] = state with { Ready = false, Waits = tables.Waiting(sequence).Any() };
        }

        return next?.Message;
    }));

    /// <inheritdoc/>
    public Task RemoveAsync(ParkedMessage message, CancellationToken cancellationToken)
    {
        store.Run(tables =>
        {
            tables.InboxParked.RemoveAll(entry => entry.Is(message));
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Sequence>> ReadyAsync(string endpoint, string topic, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Sequence>>(store.Run(tables => tables.Sequences
            .Where(entry => entry.Key.Endpoint == endpoint && entry.Key.Topic == topic && entry.Value.Ready)
            .Select(entry => entry.Key)
            .ToList()));

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedMessage>> RetriesAsync(string endpoint, string topic, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ParkedMessage>>(store.Run(tables => tables.InboxParked
            .Where(entry => entry.Retry && entry.Message.Endpoint == endpoint && entry.Message.Topic == topic)
            .Select(entry => entry.Message)
            .OrderBy(message => message.Version)
            .ToList()));

    /// <inheritdoc/>
    public Task<long?> GiveUpAsync(Sequence sequence, GapPolicy policy, long? version, CancellationToken cancellationToken) =>
        gaps.GiveUpAsync(sequence, policy, version, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<OverdueGap>> ExpireAsync(string endpoint, string topic, CancellationToken cancellationToken) =>
        gaps.ExpireAsync(endpoint, topic, cancellationToken);

    private bool IsFull(Tables tables, Sequence sequence, ParkedMessage message) =>
        !tables.InboxParked.Exists(entry => entry.Is(message) && entry.Message.Reason == ParkReason.Gap)
        && (tables.Waiting(sequence).Count() >= options.Of(sequence.Topic).EntityLimit
            || tables.InboxParked.Count(entry => entry.Message.Endpoint == sequence.Endpoint && entry.Message.Topic == sequence.Topic && entry.Message.Reason == ParkReason.Gap) >= options.Of(sequence.Topic).TotalLimit);
}
