using System.Globalization;
using System.Text.Json;
using MassTransit;
using MassTransit.Metadata;
using Outbox.Capture;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Publishing;
using Outbox.Diagnostics;
using Outbox.Messages;
using Outbox.Messages.Registration;
using MessageHeaders = Outbox.Messages.MessageHeaders;

namespace Outbox.Delivery;

/// <summary>Delivers captured messages through MassTransit's bus: entities beside each other, the messages of one entity one after the other.</summary>
internal sealed class BusPublisher(IBus bus, MessageRegistry registry, IEnumerable<BusDestination> destinations, ILaneGuard guard)
{
    private readonly Dictionary<Type, Uri> _destinations = destinations.ToDictionary(x => x.MessageType, x => x.Address);

    /// <summary>Where messages go that the bus's filters and observers have seen when they were captured; <see langword="null"/> where the bus is no instance of MassTransit's.</summary>
    public QuietEndpoints? Quiet { get; init; }

    /// <summary>Whether a Kafka tombstone becomes a message, as a topic endpoint makes one of it.</summary>
    public bool PublishesTombstones { get; init; }

    public async Task<IReadOnlyList<PublishResult>> PublishAsync(
        IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, TimeProvider time, CancellationToken cancellationToken)
    {
        var results = new PublishResult[messages.Count];
        using var late = new CancellationTokenSource(deadline, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        await Task.WhenAll(Enumerable.Range(0, messages.Count).GroupBy(index => messages[index].Entity).Select(async entity =>
        {
            var last = PublishResult.Published;
            foreach (var index in entity)
            {
                last = last.Status == PublishStatus.Published ? await PublishAsync(messages[index], time.GetUtcNow(), stop.Token).ConfigureAwait(false) : PublishResult.Held;
                results[index] = last;
            }
        })).ConfigureAwait(false);
        return results;
    }

    private async Task<PublishResult> PublishAsync(OutboxMessage message, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var span = SendSpans.StartAlone(message);
        var result = await TryPublishAsync(message, now, cancellationToken).ConfigureAwait(false);
        if (result.Status != PublishStatus.Published)
        {
            span?.Failed(SendSpans.TypeOf(result.Status), result.Error);
        }

        return result;
    }

    private async Task<PublishResult> TryPublishAsync(OutboxMessage message, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            if (!guard.MaySend(message.Lane))
            {
                return PublishResult.Unavailable("too little of the lease was left to send it");
            }

            if (!registry.TryGet(message.Type, out var registration))
            {
                return PublishResult.NotKnown($"'{message.Type}' is not registered where the relay runs, and the bus needs its type: add it to o.Bus there.");
            }

            if (message.SchemaVersion > registration.SchemaVersion)
            {
                return PublishResult.NotKnown($"Schema version {message.SchemaVersion} of '{message.Type}' is newer than what the relay knows, {registration.SchemaVersion}.");
            }

            if (!Guid.TryParse(message.MessageId, out _))
            {
                return PublishResult.Refused($"The message id '{message.MessageId}' is not a GUID, which MassTransit's bus requires.");
            }

            var (content, type) = message.Payload is null && PublishesTombstones ? Tombstone(message, registration) : (Content(message, registration), registration.ClrType);
            await SendAsync(message, DestinationOf(message, registration), content, type, now, cancellationToken).ConfigureAwait(false);
            return PublishResult.Published;
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or System.Runtime.Serialization.SerializationException or OutboxException)
        {
            return PublishResult.Refused(error.Message) with { Cause = error };
        }
        catch (Exception error) when (error is OperationCanceledException or TimeoutException or ConnectionException)
        {
            return PublishResult.Unavailable($"the bus did not take it in time: {error.Message}");
        }
        catch (Exception error)
        {
            return PublishResult.Failed(error.Message) with { Cause = error };
        }
    }

    private Uri? DestinationOf(OutboxMessage message, MessageRegistration registration) => message.Headers.TryGetValue(MessageHeaders.ReplyTo, out var address)
        ? new Uri(address)
        : _destinations.GetValueOrDefault(registration.ClrType);

    private static (object Content, Type Type) Tombstone(OutboxMessage message, MessageRegistration registration)
    {
        var type = typeof(Tombstone<>).MakeGenericType(registration.ClrType);
        return (Activator.CreateInstance(type, message.EntityId)!, type);
    }

    private static object Content(OutboxMessage message, MessageRegistration registration)
    {
        var payload = message.Payload ?? throw new OutboxException("A tombstone cannot be published on the bus: it is a Kafka message without a value.");
        var type = registration.ClrType.IsInterface ? TypeMetadataCache.GetImplementationType(registration.ClrType) : registration.ClrType;
        return (message.SchemaVersion == registration.SchemaVersion
            ? JsonSerializer.Deserialize(payload, type, registration.Json)
            : registration.Upcasting.Upcast(System.Text.Encoding.UTF8.GetBytes(payload), message.SchemaVersion).Deserialize(type, registration.Json))
            ?? throw new JsonException($"The payload of message {message.MessageId} is null.");
    }

    private async Task SendAsync(OutboxMessage message, Uri? destination, object content, Type type, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (message.IsFiltered && Quiet is not null)
        {
            var quiet = await (destination is null ? Quiet.OfAsync(type) : Quiet.OfAsync(destination)).ConfigureAwait(false);
            await quiet.Send(content, type, Pipe.Execute<SendContext>(context => Fill(context, message, now)), cancellationToken).ConfigureAwait(false);
        }
        else if (destination is null)
        {
            await bus.Publish(content, type, Pipe.Execute<PublishContext>(context => Fill(context, message, now)), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            var endpoint = await bus.GetSendEndpoint(destination).ConfigureAwait(false);
            await endpoint.Send(content, type, Pipe.Execute<SendContext>(context => Fill(context, message, now)), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A duplicate has the same id, so a consumer with the inbox recognises it.</summary>
    private static void Fill(SendContext context, OutboxMessage message, DateTimeOffset now)
    {
        context.MessageId = Guid.Parse(message.MessageId);
        context.ConversationId = Id(message, MessageHeaders.CorrelationId);
        context.InitiatorId = Id(message, MessageHeaders.CausationId);
        context.TimeToLive = message.ExpiresAt > now ? message.ExpiresAt - now : null;
        context.Headers.Set(MessageHeaders.EntityId, message.EntityId);
        context.Headers.Set(MessageHeaders.Version, message.Version.ToString(CultureInfo.InvariantCulture));
        BusHeaders.Restore(context, message);
    }

    private static Guid? Id(OutboxMessage message, string header) =>
        message.Headers.TryGetValue(header, out var text) && Guid.TryParse(text, out var id) ? id : null;
}
