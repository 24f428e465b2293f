using Microsoft.Extensions.DependencyInjection;
using Outbox.Delivery;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.RelayHost;

/// <summary>
/// Halts the relay once at a step of a batch: it writes "at" to its output, and goes on when it reads a line. In between the parent process can stop all of
/// this one, the producer's own threads included.
/// </summary>
internal sealed class Breakpoint(string step)
{
    private bool _met;

    public static void Set(IServiceCollection services, string step)
    {
        var breakpoint = new Breakpoint(step);
        Decorate<IMessagePublisher>(services, inner => new Publisher(breakpoint, inner));
        Decorate<IOutboxReader>(services, inner => new Reader(breakpoint, inner));
    }

    private void Meet(string here)
    {
        if (here == step && !_met)
        {
            _met = true;
            Console.WriteLine("at");
            Console.ReadLine();
        }
    }

    private static void Decorate<T>(IServiceCollection services, Func<T, T> wrap)
        where T : class
    {
        var original = services.Single(service => service.ServiceType == typeof(T));
        services.Remove(original);
        services.AddSingleton(provider => wrap((T)ActivatorUtilities.CreateInstance(provider, original.ImplementationType!)));
    }

    private sealed class Publisher(Breakpoint breakpoint, IMessagePublisher inner) : IMessagePublisher
    {
        public async Task<IReadOnlyList<PublishResult>> PublishAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
        {
            breakpoint.Meet("before-publish");
            var publishing = inner.PublishAsync(messages, deadline, cancellationToken);
            breakpoint.Meet("on-the-wire");
            return await publishing;
        }

        public Place PlaceOf(OutboxMessage message) => inner.PlaceOf(message);
    }

    private sealed class Reader(Breakpoint breakpoint, IOutboxReader inner) : IOutboxReader
    {
        public IAsyncEnumerable<IReadOnlyList<OutboxMessage>> SweepAsync(SweepRequest request, CancellationToken cancellationToken)
        {
            breakpoint.Meet("before-read");
            return inner.SweepAsync(request, cancellationToken);
        }

        public IAsyncEnumerable<IReadOnlyList<OutboxMessage>> ReadDueAsync(SweepRequest request, CancellationToken cancellationToken) =>
            inner.ReadDueAsync(request, cancellationToken);

        public Task<IReadOnlyCollection<Entity>> ReadHeldEntitiesAsync(IReadOnlyCollection<int> lanes, CancellationToken cancellationToken) =>
            inner.ReadHeldEntitiesAsync(lanes, cancellationToken);

        public async Task CompleteAsync(
            IReadOnlyCollection<OutboxMessage> published, IReadOnlyCollection<OutboxMessage> expired, CancellationToken cancellationToken)
        {
            breakpoint.Meet("before-delete");
            await inner.CompleteAsync(published, expired, cancellationToken);
            breakpoint.Meet("after-delete");
        }

        public Task ParkAsync(IReadOnlyCollection<UnpublishableMessage> messages, CancellationToken cancellationToken) =>
            inner.ParkAsync(messages, cancellationToken);
    }
}
