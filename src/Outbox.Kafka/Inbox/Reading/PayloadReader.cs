using System.Text.Json;
using MassTransit.Metadata;
using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Inbox.Reading;

/// <summary>Makes an object of a payload.</summary>
internal static class PayloadReader
{
    /// <exception cref="UnreadableMessageException">The payload is not one of the registered type.</exception>
    public static object Read(Envelope envelope, MessageRegistration registration)
    {
        if (envelope.Payload is not { } payload)
        {
            return Tombstones.Create(registration.ClrType, envelope.EntityId);
        }

        // A message type that is an interface gets MassTransit's implementation of it.
        var type = registration.ClrType.IsInterface ? TypeMetadataCache.GetImplementationType(registration.ClrType) : registration.ClrType;
        try
        {
            return Deserialize(payload, envelope.SchemaVersion, type, registration)
                ?? throw new UnreadableMessageException($"The payload of message {envelope.MessageId} is null.");
        }
        catch (Exception error) when (error is not UnreadableMessageException)
        {
            // Whatever it is: constructors and converters are the users' own.
            throw new UnreadableMessageException(
                $"The payload of message {envelope.MessageId} is not a '{envelope.Type}' ({registration.ClrType.Name}): {WireText.Short(error.Message, 1_000)}", error);
        }
    }

    private static object? Deserialize(ReadOnlyMemory<byte> payload, int schemaVersion, Type type, MessageRegistration registration) =>
        schemaVersion == registration.SchemaVersion
            ? JsonSerializer.Deserialize(payload.Span, type, registration.Json)
            : JsonSerializer.Deserialize(registration.Upcasting.Upcast(payload, schemaVersion), type, registration.Json);
}
