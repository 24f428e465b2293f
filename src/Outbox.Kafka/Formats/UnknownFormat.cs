using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;

namespace Outbox.Kafka.Formats;

/// <summary>A message that is in none of the formats. One whose header names a type that the endpoint does not handle is nobody's fault; any other is unreadable.</summary>
internal sealed class UnknownFormat : IWireReader
{
    public string? TypeOf(in WireMessage message) => message.Headers.Type(MessageHeaders.Type);

    public Envelope Read(in WireMessage message)
    {
        var value = JsonShape.Of(message.Value).IsObject ? "a JSON object with other fields" : "not a JSON object";
        throw new UnreadableMessageException(
            "The message's format was not recognised. Looked for were the headers 'messageId' (envelope), 'ce_specversion' or a 'content-type' of application/cloudevents (CloudEvents), "
            + "'MessageId', 'DestinationAddress' or a 'Content-Type' of application/vnd.masstransit (MassTransit), 'cap-msg-id' or 'cap-msg-name' (CAP); and in the value, which is " + value
            + ", 'specversion', 'id', 'source' and 'type' of a CloudEvent, or 'entityId', 'type' and 'payload' of an envelope. If its producer sends plain JSON of one type, "
            + "say so where the topic is registered: t.Default<…>().");
    }
}
