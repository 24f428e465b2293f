using System.Text.Json;
using MassTransit;
using MassTransit.Metadata;
using MassTransit.Serialization;
using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Asking.Wire;

/// <summary>The names and the JSON of requests and answers: as those of messages, but faults as MassTransit writes them.</summary>
internal static class AskedTypes
{
    public static string NameOf(Type type) => IsFault(type) ? RequestHeaders.Fault : MessageTypeName.Of(type);

    public static byte[] Write(object message, Type type) => IsFault(type)
        ? JsonSerializer.SerializeToUtf8Bytes(message, message.GetType(), SystemTextJsonMessageSerializer.Options)
        : JsonSerializer.SerializeToUtf8Bytes(message, message.GetType(), MessageJson.Default);

    /// <exception cref="UnreadableMessageException">It is none of this type.</exception>
    public static object Read(byte[]? value, Type type)
    {
        try
        {
            // A message type that is an interface gets MassTransit's implementation of it.
            var message = IsFault(type)
                ? JsonSerializer.Deserialize(value, type, SystemTextJsonMessageSerializer.Options)
                : JsonSerializer.Deserialize(value, type.IsInterface ? TypeMetadataCache.GetImplementationType(type) : type, MessageJson.Default);
            return message ?? throw new UnreadableMessageException($"The {NameOf(type)} is null.");
        }
        catch (Exception error) when (error is not UnreadableMessageException)
        {
            // Whatever it is: constructors and converters are the users' own.
            throw new UnreadableMessageException($"The value is no '{NameOf(type)}' ({type.Name}): {WireText.Short(error.Message, 1_000)}", error);
        }
    }

    private static bool IsFault(Type type) => typeof(Fault).IsAssignableFrom(type);
}
