using System.Security.Cryptography;
using System.Text;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture;
using Outbox.Delivery;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Publishing;
using Outbox.Messages;
using Outbox.Messages.Registration;
using Outbox.Payloads.Applying;
using Outbox.Payloads.Chain;
using Outbox.Testing.Projections;

namespace Outbox.Testing.Delivery;

/// <summary>
/// Takes the place of Kafka. Messages go to MassTransit's bus, where the service has one, as to a broker: every consumer of their type gets them. Messages of an entity
/// go out in order.
/// </summary>
internal sealed class InMemoryPublisher(IServiceProvider services, MessageRegistry registry, PayloadPreparation payloads, PayloadChain chain, TimeProvider time) : IMessagePublisher
{
    private readonly Lazy<BusPublisher?> _bus = new(() => services.GetService<IBus>() is { } bus
        ? new BusPublisher(bus, registry, services.GetServices<BusDestination>(), services.GetRequiredService<ILaneGuard>()) { PublishesTombstones = true, Quiet = QuietEndpoints.Of(services) }
        : null);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PublishResult>> PublishAsync(
        IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var (prepared, refused) = await payloads.PrepareAsync(messages, deadline, cancellationToken).ConfigureAwait(false);
        if (!ReferenceEquals(prepared, messages))
        {
            return await OpenAsync(prepared, refused, deadline, cancellationToken).ConfigureAwait(false);
        }

        return await SendAsync(messages, deadline, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Consumers on the bus get what endpoints on Kafka would: what the transforms have done is undone, as the headers say.</summary>
    private async Task<IReadOnlyList<PublishResult>> OpenAsync(
        IReadOnlyList<OutboxMessage> prepared, PublishResult?[]? refused, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var results = new PublishResult[prepared.Count];
        var (open, blocked) = (new List<int>(), new HashSet<Entity>());
        for (var i = 0; i < prepared.Count; i++)
        {
            if (refused?[i] is not null || blocked.Contains(prepared[i].Entity))
            {
                results[i] = refused?[i] ?? PublishResult.Held;
                blocked.Add(prepared[i].Entity);
            }
            else
            {
                open.Add(i);
            }
        }

        var clear = new List<OutboxMessage>();
        foreach (var i in open)
        {
            clear.Add(await chain.ClearAsync(prepared[i], cancellationToken).ConfigureAwait(false));
        }

        var sent = await SendAsync(clear, deadline, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < open.Count; i++)
        {
            results[open[i]] = sent[i];
        }

        return results;
    }

    private async Task<IReadOnlyList<PublishResult>> SendAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
    {
        IReadOnlyList<PublishResult> results = _bus.Value is { } bus
            ? await bus.PublishAsync([.. messages.Select(WithGuid)], deadline, time, cancellationToken).ConfigureAwait(false)
            : [.. messages.Select(_ => PublishResult.Published)];
        services.GetService<InMemoryProjections>()?.Published(messages.Where((_, index) => results[index] == PublishResult.Published));
        return results;
    }

    /// <summary>Kafka takes any text as an id, the bus a <see cref="Guid"/> alone: it gets one that is made of the text, the same each time.</summary>
    private static OutboxMessage WithGuid(OutboxMessage message) => Guid.TryParse(message.MessageId, out _)
        ? message
        : message with { MessageId = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(message.MessageId)).AsSpan(0, 16)).ToString() };
}
