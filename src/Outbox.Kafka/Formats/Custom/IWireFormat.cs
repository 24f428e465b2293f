using Outbox.Messages;

namespace Outbox.Kafka;

/// <summary>
/// A way of your own in which a topic's messages look on Kafka: <c>t.UseFormat(new AcmeFormat())</c>. It is one object for all threads, and is called for every message: it keeps no state and does no I/O.
/// </summary>
public interface IWireFormat
{
    /// <summary>Whether a record is of this format. What is not is looked for among the formats that the framework knows. It must not throw.</summary>
    bool Wrote(WireRecord record);

    /// <summary>Writes a message. Its key stays the entity's id, or the message's <see cref="OutboxMessage.PartitionKey"/>, because the order depends on it.</summary>
    /// <param name="message">The message; one without a payload is a tombstone, and its record has no value.</param>
    /// <returns>The value and the headers.</returns>
    WireRecord Write(OutboxMessage message);

    /// <summary>Reads a record.</summary>
    /// <exception cref="Exception">It is malformed. Whatever is thrown has the record parked as unreadable, with the exception's message: let it name the field.</exception>
    WireContent Read(WireRecord record);
}
