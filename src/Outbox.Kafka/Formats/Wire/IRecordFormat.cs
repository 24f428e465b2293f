using Confluent.Kafka;
using Outbox.Messages;

namespace Outbox.Kafka.Formats.Wire;

/// <summary>One way in which messages look on Kafka. Writing what was read, and reading what was written, loses nothing that the framework knows.</summary>
internal interface IRecordFormat : IWireReader
{
    Message<string, byte[]?> Write(OutboxMessage message);

    /// <summary>Whether a message with these headers is of this format.</summary>
    bool Wrote(WireHeaders headers);
}
