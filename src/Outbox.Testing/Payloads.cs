using System.Text;
using System.Text.Json;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Testing;

/// <summary>Reads payloads as a consumer would.</summary>
internal static class Payloads
{
    public static PublishedMessage<T> Read<T>(OutboxMessage message, MessageRegistration registration)
        where T : class
    {
        var content = message.SchemaVersion == registration.SchemaVersion
            ? JsonSerializer.Deserialize<T>(message.Payload!, registration.Json)
            : registration.Upcasting.Upcast(Encoding.UTF8.GetBytes(message.Payload!), message.SchemaVersion).Deserialize<T>(registration.Json);
        return new PublishedMessage<T>(
            content ?? throw new OutboxException($"The payload of message {message.MessageId} ({message.Type}) is null."), message);
    }
}
