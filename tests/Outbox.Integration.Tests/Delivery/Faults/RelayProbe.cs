using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Delivery;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Integration.Tests.Delivery.Faults;

/// <summary>Tells a test when the relay has swept the outbox, and when a batch of it failed.</summary>
internal sealed class RelayProbe
{
    private readonly Channel<bool> _sweeps = Channel.CreateUnbounded<bool>();
    private readonly Channel<bool> _failures = Channel.CreateUnbounded<bool>();

    public void Attach(IServiceCollection services)
    {
        Decorate<IOutboxReader>(services, inner => new Reader(this, inner));
        Decorate<IMessagePublisher>(services, inner => new Publisher(this, inner));
    }

    /// <summary>Waits for whole sweeps that begin after this call.</summary>
    public async Task SweptAsync(int times)
    {
        while (_sweeps.Reader.TryRead(out _))
        {
        }

        // The first one may have begun before.
        await TakeAsync(_sweeps, times + 1);
    }

    public Task FailedAsync(int times) => TakeAsync(_failures, times);

    private static async Task TakeAsync(Channel<bool> channel, int times)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var i = 0; i < times; i++)
        {
            await channel.Reader.ReadAsync(limit.Token);
        }
    }

    private static void Decorate<T>(IServiceCollection services, Func<T, T> wrap)
        where T : class
    {
        var original = services.Single(service => service.ServiceType == typeof(T));
        services.Remove(original);
        services.AddSingleton(provider => wrap((T)ActivatorUtilities.CreateInstance(provider, original.ImplementationType!)));
    }

    private sealed class Reader(RelayProbe probe, IOutboxReader inner) : IOutboxReader
    {
        public async IAsyncEnumerable<IReadOnlyList<OutboxMessage>> SweepAsync(
            SweepRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var page in inner.SweepAsync(request, cancellationToken))
            {
                yield return page;
            }

            probe._sweeps.Writer.TryWrite(true);
        }

        public IAsyncEnumerable<IReadOnlyList<OutboxMessage>> ReadDueAsync(SweepRequest request, CancellationToken cancellationToken) =>
            inner.ReadDueAsync(request, cancellationToken);

        public Task<IReadOnlyCollection<Entity>> ReadHeldEntitiesAsync(IReadOnlyCollection<int> lanes, CancellationToken cancellationToken) =>
            inner.ReadHeldEntitiesAsync(lanes, cancellationToken);

        public Task CompleteAsync(
            IReadOnlyCollection<OutboxMessage> published, IReadOnlyCollection<OutboxMessage> expired, CancellationToken cancellationToken) =>
            inner.CompleteAsync(published, expired, cancellationToken);

        public Task ParkAsync(IReadOnlyCollection<UnpublishableMessage> messages, CancellationToken cancellationToken) =>
            inner.ParkAsync(messages, cancellationToken);
    }

    private sealed class Publisher(RelayProbe probe, IMessagePublisher inner) : IMessagePublisher
    {
        public async Task<IReadOnlyList<PublishResult>> PublishAsync(
            IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
        {
            var results = await inner.PublishAsync(messages, deadline, cancellationToken);
            if (results.Any(result => result.Status != PublishStatus.Published))
            {
                probe._failures.Writer.TryWrite(true);
            }

            return results;
        }

        public Place PlaceOf(OutboxMessage message) => inner.PlaceOf(message);
    }
}
