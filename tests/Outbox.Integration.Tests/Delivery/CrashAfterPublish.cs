using Microsoft.Extensions.DependencyInjection;
using Outbox.Delivery;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Integration.Tests.Delivery;

/// <summary>Fails once where a relay would die: after the broker acknowledged a batch, before it was removed from the outbox.</summary>
internal sealed class CrashAfterPublish
{
    private int _crashes;

    public bool Crashed => _crashes > 0;

    public void Decorate(IServiceCollection services)
    {
        var original = services.Single(service => service.ServiceType == typeof(IOutboxReader));
        services.Remove(original);
        services.AddSingleton<IOutboxReader>(provider =>
            new Reader(this, (IOutboxReader)ActivatorUtilities.CreateInstance(provider, original.ImplementationType!)));
    }

    private sealed class Reader(CrashAfterPublish crash, IOutboxReader inner) : IOutboxReader
    {
        public IAsyncEnumerable<IReadOnlyList<OutboxMessage>> SweepAsync(SweepRequest request, CancellationToken cancellationToken) =>
            inner.SweepAsync(request, cancellationToken);

        public IAsyncEnumerable<IReadOnlyList<OutboxMessage>> ReadDueAsync(SweepRequest request, CancellationToken cancellationToken) =>
            inner.ReadDueAsync(request, cancellationToken);

        public Task<IReadOnlyCollection<Entity>> ReadHeldEntitiesAsync(IReadOnlyCollection<int> lanes, CancellationToken cancellationToken) =>
            inner.ReadHeldEntitiesAsync(lanes, cancellationToken);

        public Task CompleteAsync(
            IReadOnlyCollection<OutboxMessage> published, IReadOnlyCollection<OutboxMessage> expired, CancellationToken cancellationToken) =>
            Interlocked.Increment(ref crash._crashes) == 1
                ? throw new IOException("the process died here")
                : inner.CompleteAsync(published, expired, cancellationToken);

        public Task ParkAsync(IReadOnlyCollection<UnpublishableMessage> messages, CancellationToken cancellationToken) =>
            inner.ParkAsync(messages, cancellationToken);
    }
}
