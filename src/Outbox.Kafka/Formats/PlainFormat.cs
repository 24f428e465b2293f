using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;

namespace Outbox.Kafka.Formats;

/// <summary>
/// JSON of a producer that knows nothing of the framework, on a topic that says which type it is. The key is the entity, and there is no version. Headers are the
/// producer's own, but for an id of the message and those of its traces.
/// </summary>
internal sealed class PlainFormat : IWireReader
{
    public string? TypeOf(in WireMessage message) => message.DefaultType;

    public Envelope Read(in WireMessage message) =>
        new(message.Headers.Id(MessageHeaders.MessageId), WireKey.Text(message.Key), "", null, message.DefaultType!, message.Time, message.Payload)
        {
            TraceParent = message.Headers.Hint(MessageHeaders.TraceParent),
            TraceState = message.Headers.Hint(MessageHeaders.TraceState),
        };
}
