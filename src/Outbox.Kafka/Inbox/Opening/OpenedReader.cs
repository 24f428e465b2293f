using Outbox.Kafka.Formats.Wire;

namespace Outbox.Kafka.Inbox.Opening;

/// <summary>Reads a message whose payload was changed back.</summary>
internal sealed class OpenedReader(IWireReader format, ReadOnlyMemory<byte> payload) : IWireReader
{
    public string? TypeOf(in WireMessage message) => format.TypeOf(message);

    public Envelope Read(in WireMessage message) => format.Read(message) with { Payload = payload };
}
