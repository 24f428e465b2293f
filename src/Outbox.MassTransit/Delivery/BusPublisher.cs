using System.Globalization;
using System.Text.Json;
using MassTransit;
using MassTransit.Metadata;
using Outbox.Delivery.Publishing;
using Outbox.Messages;
using MessageHeaders = Outbox.Messages.MessageHeaders;

namespace Outbox.Delivery;

/// <summary>Delivers captured messages through MassTransit's bus: entities beside each other, the messages of one entity one after the other.</summary>
internal sealed class BusPublisher(IBus bus, MessageRegistry registry, IEnumerable<BusDestination> destinations)
{
    private readonly Dictionary<Type, Uri> _destinations = destinations.ToDictionary(x => x.MessageType, x => x.Address);

    public async Task<IReadOnlyList<PublishResult>> PublishAsync(
        IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, TimeProvider time, CancellationToken cancellationToken)
    {
        var results = new PublishResult[messages.Count];
        using var late = new CancellationTokenSource(deadline, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        await Task.WhenAll(Enumerable.Range(0, messages.Count).GroupBy(index => messages[index].EntityId).Select(async entity =>
        {
            var last = PublishResult.Published;
            foreach (var index in entity)
            {
                last = last.Status == PublishStatus.Published ? await PublishAsync(messages[index], stop.Token).ConfigureAwait(false) : PublishResult.Held;
                results[index] = last;
            }
        })).ConfigureAwait(false);
        return results;
    }

    private async Task<PublishResult> PublishAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        try
        {
            if (!registry.TryGet(message.Type, out var registration))
            {
                return PublishResult.Refused($"'{message.Type}' is not registered where the relay runs, and the bus needs its type: add it to o.Bus there.");
            }

            if (!Guid.TryParse(message.MessageId, out var messageId))
            {
                return PublishResult.Refused($"The message id '{message.MessageId}' is not a GUID, which MassTransit's bus requires.");
            }

            var content = Content(message, registration);
            var fill = Pipe.Execute<SendContext>(context => Fill(context, message, messageId));
            await (_destinations.TryGetValue(registration.ClrType, out var destination)
                ? SendAsync(destination, content, registration.ClrType, fill, cancellationToken)
                : bus.Publish(content, registration.ClrType, Pipe.Execute<PublishContext>(context => Fill(context, message, messageId)), cancellationToken))
                .ConfigureAwait(false);
            return PublishResult.Published;
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or System.Runtime.Serialization.SerializationException or OutboxException)
        {
            return PublishResult.Refused(error.Message);
        }
        catch (Exception error) when (error is OperationCanceledException or TimeoutException or ConnectionException)
        {
            return PublishResult.Unavailable($"the bus did not take it in time: {error.Message}");
        }
        catch (Exception error)
        {
            return PublishResult.Failed(error.Message);
        }
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

    private async Task SendAsync(Uri destination, object content, Type type, IPipe<SendContext> fill, CancellationToken cancellationToken)
    {
        var endpoint = await bus.GetSendEndpoint(destination).ConfigureAwait(false);
        await endpoint.Send(content, type, fill, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A duplicate has the same id, so a consumer with the inbox recognises it.</summary>
    private static void Fill(SendContext context, OutboxMessage message, Guid messageId)
    {
        context.MessageId = messageId;
        context.ConversationId = Id(message, MessageHeaders.CorrelationId);
        context.InitiatorId = Id(message, MessageHeaders.CausationId);
        context.Headers.Set(MessageHeaders.EntityId, message.EntityId);
        context.Headers.Set(MessageHeaders.Version, message.Version.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, value) in message.Headers)
        {
            context.Headers.Set(name, value);
        }
    }

    private static Guid? Id(OutboxMessage message, string header) =>
        message.Headers.TryGetValue(header, out var text) && Guid.TryParse(text, out var id) ? id : null;
}
