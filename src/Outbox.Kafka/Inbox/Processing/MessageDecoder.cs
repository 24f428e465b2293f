using System.Text;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Inbox.Consuming;
using Outbox.Messages;

namespace Outbox.Kafka.Inbox.Processing;

/// <summary>
/// Finds a message's format and type by its headers, or else in its envelope, and makes an object of the type that the registry names: what is not
/// registered is never instantiated. Types that the endpoint does not handle are not even parsed when a header names them.
/// </summary>
internal sealed class MessageDecoder(EndpointServices services)
{
    private const string Tombstone = "(tombstone)";

    private readonly string? _topicType = OnlyTypeOf(services);

    /// <exception cref="UnreadableMessageException">The value is not a message of its type.</exception>
    public DecodedMessage Decode(ReceivedMessage message)
    {
        var wire = new WireMessage(
            message.Key, message.Value, new WireHeaders(message.Headers), new DateTimeOffset(message.Result.Message.Timestamp.UtcDateTime), _topicType);
        var format = WireFormats.Of(wire.Headers);
        var named = format.TypeOf(wire);
        var isTombstone = wire.Value is null;
        if (named is null ? isTombstone : !Handles(named, isTombstone, out _))
        {
            return DecodedMessage.NotHandled(isTombstone ? Tombstone : named!);
        }

        var envelope = format.Read(wire);
        return Handles(envelope.Type, isTombstone, out var registration)
            ? new DecodedMessage(envelope.Type, envelope, PayloadReader.Read(envelope, registration!))
            : DecodedMessage.NotHandled(envelope.Type);
    }

    public static string? Header(ReceivedMessage message, string name) =>
        message.Headers.TryGetLastBytes(name, out var bytes) && bytes is not null ? Encoding.UTF8.GetString(bytes) : null;

    private static string? OnlyTypeOf(EndpointServices services)
    {
        var types = services.Registry.All.Where(registration => registration.Topic == services.Settings.Topic).Take(2).ToList();
        return types.Count == 1 ? types[0].Type : null;
    }

    private bool Handles(string type, bool tombstone, out MessageRegistration? registration) =>
        services.Registry.TryGet(type, out registration)
        && services.Handled.Contains(tombstone ? Tombstones.Of(registration.ClrType) : registration.ClrType);
}
