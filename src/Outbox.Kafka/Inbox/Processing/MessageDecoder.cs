using System.Text;
using System.Text.Json;
using MassTransit.Metadata;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Inbox.Consuming;
using Outbox.Messages;

namespace Outbox.Kafka.Inbox.Processing;

/// <summary>
/// Finds a message's type by its header, or else in its envelope, and makes an object of the type that the registry names: what is not registered is never
/// instantiated. Types that the endpoint does not handle are not even parsed when their header names them.
/// </summary>
internal sealed class MessageDecoder(EndpointServices services)
{
    private const string Tombstone = "(tombstone)";

    /// <exception cref="UnreadableMessageException">The value is not a message of its type.</exception>
    public DecodedMessage Decode(ReceivedMessage message)
    {
        if (message.Value is null)
        {
            return DecodedMessage.NotHandled(Tombstone);
        }

        if (Header(message, MessageHeaders.Type) is { } named && !Handles(named, out _))
        {
            return DecodedMessage.NotHandled(named);
        }

        var envelope = EnvelopeReader.Read(message.Value);
        return Handles(envelope.Type, out var registration)
            ? new DecodedMessage(envelope.Type, envelope, Content(envelope, registration!))
            : DecodedMessage.NotHandled(envelope.Type);
    }

    public static string? Header(ReceivedMessage message, string name) =>
        message.Headers.TryGetLastBytes(name, out var bytes) && bytes is not null ? Encoding.UTF8.GetString(bytes) : null;

    private static object Content(Envelope envelope, MessageRegistration registration)
    {
        // A message type that is an interface gets MassTransit's implementation of it.
        var type = registration.ClrType.IsInterface ? TypeMetadataCache.GetImplementationType(registration.ClrType) : registration.ClrType;
        try
        {
            return JsonSerializer.Deserialize(envelope.Payload.Span, type, registration.Json)
                ?? throw new UnreadableMessageException($"The payload of message {envelope.MessageId} is null.");
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new UnreadableMessageException(
                $"The payload of message {envelope.MessageId} is not a '{envelope.Type}' ({registration.ClrType.Name}): {error.Message}", error);
        }
    }

    private bool Handles(string type, out MessageRegistration? registration) =>
        services.Registry.TryGet(type, out registration) && services.Handled.Contains(registration.ClrType);
}
