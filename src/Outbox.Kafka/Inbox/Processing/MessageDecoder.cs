using System.Globalization;
using System.Text;
using System.Text.Json;
using MassTransit.Metadata;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Inbox.Consuming;
using Outbox.Messages;
using Outbox.Versioning;

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
            return DecodedMessage.NotHandled(Tombstone, services.Handled.InSequence ? TombstonePlace(message) : null);
        }

        if (Header(message, MessageHeaders.Type) is { } named && !Handles(named, out _))
        {
            return DecodedMessage.NotHandled(named, services.Handled.InSequence ? Place(message) : null);
        }

        var envelope = EnvelopeReader.Read(message.Value);
        if (!Handles(envelope.Type, out var registration))
        {
            return DecodedMessage.NotHandled(envelope.Type, services.Handled.InSequence && envelope.Version > 0 ? envelope : null);
        }

        RequirePlace(envelope, registration!);
        return new DecodedMessage(envelope.Type, envelope, Content(envelope, registration!), registration!.Ordering);
    }

    public static string? Header(ReceivedMessage message, string name) =>
        message.Headers.TryGetLastBytes(name, out var bytes) && bytes is not null ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>A version of another type counts in the sequence too. What is no envelope is none of ours and counts for nothing.</summary>
    private static Envelope? Place(ReceivedMessage message)
    {
        try
        {
            return EnvelopeReader.Read(message.Value) is { Version: > 0 } envelope ? envelope : null;
        }
        catch (UnreadableMessageException)
        {
            return null;
        }
    }

    private static Envelope? TombstonePlace(ReceivedMessage message) =>
        message.Key is { } key && Header(message, MessageHeaders.MessageId) is { } messageId
        && long.TryParse(Header(message, MessageHeaders.Version), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? new Envelope(messageId, Encoding.UTF8.GetString(key), "", version, Tombstone, default, default)
            : null;

    private static void RequirePlace(Envelope envelope, MessageRegistration registration)
    {
        if (envelope.Version == 0 && registration.Ordering is MessageOrdering.NewestVersion or MessageOrdering.Sequence)
        {
            throw new UnreadableMessageException(
                $"The envelope's 'version' is missing in message {envelope.MessageId}, and '{envelope.Type}' is ordered by version. Its producer must send one, or "
                + $"the type be ordered otherwise: t.Message<{registration.ClrType.Name}>(m => m.Ordering = …).");
        }
    }

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
