using Microsoft.Extensions.DependencyInjection;
using Outbox.Delivery;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Integration.Tests.Delivery.Faults;

/// <summary>Answers as a test has it for some messages, and has Kafka answer for the others; and counts what the relay reads of the outbox.</summary>
internal sealed class ScriptedPublisher
{
    private int _read;

    /// <summary>What is answered for a message; nothing for those that go to Kafka.</summary>
    public Func<OutboxMessage, PublishResult?> Script { get; set; } = _ => null;

    /// <summary>Which messages are counted when they are read.</summary>
    public Func<OutboxMessage, bool> Counted { get; set; } = _ => false;

    public int Read => Volatile.Read(ref _read);

    public void Attach(IServiceCollection services)
    {
        Decorate<IMessagePublisher>(services, inner => new Publisher(this, inner));
        Decorate<IOutboxReader>(services, inner => new Reader(this, inner));
    }

    private static void Decorate<T>(IServiceCollection services, Func<T, T> wrap)
        where T : class
    {
        var original = services.Single(service => service.ServiceType == typeof(T));
        services.Remove(original);
        services.AddSingleton(provider => wrap((T)ActivatorUtilities.CreateInstance(provider, original.ImplementationType!)));
    }

    private sealed class Publisher(ScriptedPublisher script, IMessagePublisher inner) : IMessagePublisher
    {
        public async Task<IReadOnlyList<PublishResult>> PublishAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
        {
            var held = new HashSet<Entity>();
            var scripted = messages.Select(message =>
            {
                var result = held.Contains(message.Entity) ? PublishResult.Held : script.Script(message);
                _ = result is { Status: not PublishStatus.Published } && held.Add(message.Entity);
                return result;
            }).ToList();
            var others = messages.Where((_, index) => scripted[index] is null).ToList();
            var results = new Queue<PublishResult>(others.Count == 0 ? [] : await inner.PublishAsync(others, deadline, cancellationToken));
            return [.. scripted.Select(result => result ?? results.Dequeue())];
        }

        public Place PlaceOf(OutboxMessage message) => inner.PlaceOf(message);
    }

    private sealed class Reader(ScriptedPublisher script, IOutboxReader inner) : IOutboxReader
    {
        public async IAsyncEnumerable<IReadOnlyList<OutboxMessage>> SweepAsync(
            SweepRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var page in inner.SweepAsync(request, cancellationToken))
            {
                Interlocked.Add(ref script._read, page.Count(script.Counted));
                yield return page;
            }
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
}
