using Outbox.Delivery;
using Outbox.Delivery.Publishing;
using Outbox.Messages;
using Outbox.Payloads.Chain;

namespace Outbox.Testing.Delivery;

/// <summary>Tells the harness what the relay has done with the messages of an outbox, whatever store it is in and whatever publishes it.</summary>
internal sealed class HarnessReader(IOutboxReader reader, HarnessLog log, PayloadChain payloads) : IOutboxReader
{
    /// <inheritdoc/>
    public IAsyncEnumerable<IReadOnlyList<OutboxMessage>> SweepAsync(SweepRequest request, CancellationToken cancellationToken) =>
        reader.SweepAsync(request, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<IReadOnlyList<OutboxMessage>> ReadDueAsync(SweepRequest request, CancellationToken cancellationToken) =>
        reader.ReadDueAsync(request, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyCollection<Entity>> ReadHeldEntitiesAsync(IReadOnlyCollection<int> lanes, CancellationToken cancellationToken) =>
        reader.ReadHeldEntitiesAsync(lanes, cancellationToken);

    /// <summary>The log is written first: whoever sees that the outbox is empty finds in it what was published.</summary>
    public async Task CompleteAsync(
        IReadOnlyCollection<OutboxMessage> published, IReadOnlyCollection<OutboxMessage> expired, CancellationToken cancellationToken)
    {
        log.Add(published.Any(message => message.Claim is not null) ? await ClearAsync(published, cancellationToken).ConfigureAwait(false) : published);
        await reader.CompleteAsync(published, expired, cancellationToken).ConfigureAwait(false);
        log.Changed();
    }

    /// <inheritdoc/>
    public async Task ParkAsync(IReadOnlyCollection<UnpublishableMessage> messages, CancellationToken cancellationToken)
    {
        log.Add(messages);
        await reader.ParkAsync(messages, cancellationToken).ConfigureAwait(false);
        log.Changed();
    }

    /// <summary>Tests ask what was published, and not where it is kept.</summary>
    private async Task<List<OutboxMessage>> ClearAsync(IEnumerable<OutboxMessage> published, CancellationToken cancellationToken)
    {
        var clear = new List<OutboxMessage>();
        foreach (var message in published)
        {
            clear.Add(await payloads.ClearAsync(message, cancellationToken).ConfigureAwait(false));
        }

        return clear;
    }
}
