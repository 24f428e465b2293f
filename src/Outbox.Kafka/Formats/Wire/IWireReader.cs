namespace Outbox.Kafka.Formats.Wire;

/// <summary>Reads messages that look alike.</summary>
internal interface IWireReader
{
    /// <summary>The message type's name as far as it is known without parsing the value.</summary>
    /// <exception cref="UnreadableMessageException">A header is malformed.</exception>
    string? TypeOf(in WireMessage message);

    /// <exception cref="UnreadableMessageException">A header or a field is missing or malformed; the text names it.</exception>
    Envelope Read(in WireMessage message);
}
