using System.Text;
using System.Text.Json;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.History.Loading;

/// <summary>Makes the object of an event that is kept, in the schema version that this service knows. For stores and projections.</summary>
/// <param name="registry">The message types.</param>
public sealed class EventReader(MessageRegistry registry)
{
    /// <exception cref="OutboxException">The type is not registered, or what is kept is not one of it.</exception>
    public object Read(OutboxMessage message)
    {
        if (!registry.TryGet(message.Type, out var registration))
        {
            throw new OutboxException(
                $"Event {message.Version} of {message.Entity} is a '{message.Type}', which is not registered. What is kept for ever must be known for ever: register the type on topic "
                + $"'{message.Topic}', under that name.");
        }

        if (message.Payload is not { } payload)
        {
            return Activator.CreateInstance(typeof(Tombstone<>).MakeGenericType(registration.ClrType), message.EntityId)!;
        }

        try
        {
            return Deserialize(payload, message.SchemaVersion, registration) ?? throw new JsonException("it is null");
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whatever it is: constructors and converters are the users' own.
            throw new OutboxException(
                $"Event {message.Version} of {message.Entity} (message {message.MessageId}) cannot be read as a '{message.Type}' ({registration.ClrType.Name}): {error.Message} "
                + $"What was kept with schemaVersion {message.SchemaVersion} must stay readable: add m.Upcast, or make the type take it.", error);
        }
    }

    private static object? Deserialize(string payload, int schemaVersion, MessageRegistration registration) => schemaVersion == registration.SchemaVersion
        ? JsonSerializer.Deserialize(payload, registration.ClrType, registration.Json)
        : JsonSerializer.Deserialize(registration.Upcasting.Upcast(Encoding.UTF8.GetBytes(payload), schemaVersion), registration.ClrType, registration.Json);
}
