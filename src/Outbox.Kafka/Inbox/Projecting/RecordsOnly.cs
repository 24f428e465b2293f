using Outbox.Inbox;
using Outbox.Inbox.Sequencing;

namespace Outbox.Kafka.Inbox.Projecting;

/// <summary>
/// What a projection that has the history to read from asks the buffer for: records that could not be read, when a person wants them to be tried again. What waits, or failed, has no place on Kafka, and
/// is read from the history.
/// </summary>
internal sealed class RecordsOnly(IReorderBuffer buffer) : IReorderBuffer
{
    /// <inheritdoc/>
    public Task<WaitOutcome> AddAsync(Sequence sequence, ParkedMessage message, CancellationToken cancellationToken) => buffer.AddAsync(sequence, message, cancellationToken);

    /// <inheritdoc/>
    public Task<ParkedMessage?> NextAsync(Sequence sequence, CancellationToken cancellationToken) => Task.FromResult<ParkedMessage?>(null);

    /// <inheritdoc/>
    public Task RemoveAsync(ParkedMessage message, CancellationToken cancellationToken) => buffer.RemoveAsync(message, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Sequence>> ReadyAsync(string endpoint, string topic, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Sequence>>([]);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ParkedMessage>> RetriesAsync(string endpoint, string topic, CancellationToken cancellationToken)
    {
        var asked = await buffer.RetriesAsync(endpoint, topic, cancellationToken).ConfigureAwait(false);
        return [.. asked.Where(message => message.Partition >= 0)];
    }

    /// <inheritdoc/>
    public Task<long?> GiveUpAsync(Sequence sequence, GapPolicy policy, long? version, CancellationToken cancellationToken) =>
        buffer.GiveUpAsync(sequence, policy, version, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<OverdueGap>> ExpireAsync(string endpoint, string topic, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<OverdueGap>>([]);
}
