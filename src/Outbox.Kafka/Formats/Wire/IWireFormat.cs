using Confluent.Kafka;
using Outbox.Messages;

namespace Outbox.Kafka.Formats.Wire;

/// <summary>One way in which messages look on Kafka. Writing what was read, and reading what was written, loses nothing that the framework knows.</summary>
internal interface IWireFormat
{
    Message<string, byte[]?> Write(OutboxMessage message);

    /// <summary>Whether a message with these headers is of this format.</summary>
    bool Wrote(WireHeaders headers);

    /// <summary>The message type's name as far as it is known without parsing the value.</summary>
    string? TypeOf(in WireMessage message);

    /// <exception cref="UnreadableMessageException">A header or a field is missing or malformed; the text names it.</exception>
    Envelope Read(in WireMessage message);
}
