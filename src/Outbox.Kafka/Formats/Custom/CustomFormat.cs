using Confluent.Kafka;
using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;

namespace Outbox.Kafka.Formats.Custom;

/// <summary>A user's format among ours.</summary>
internal sealed class CustomFormat(IWireFormat format) : IRecordFormat
{
    public Message<string, byte[]?> Write(OutboxMessage message)
    {
        var record = format.Write(message) ?? throw new InvalidOperationException($"{format.GetType().Name}.Write returned null.");
        var headers = new Headers();
        foreach (var (name, value) in record.Headers)
        {
            headers.Add(name, value);
        }

        return new() { Key = message.PartitionKey ?? message.EntityId, Value = record.Value, Headers = headers, Timestamp = new Timestamp(message.Timestamp) };
    }

    /// <summary>Without the rest of the record nobody can say.</summary>
    public bool Wrote(WireHeaders headers) => false;

    public bool Wrote(in WireMessage message) => format.Wrote(Of(message));

    public string? TypeOf(in WireMessage message) => ReadContent(message).Type;

    public Envelope Read(in WireMessage message)
    {
        var content = ReadContent(message);
        return new Envelope(content.MessageId, content.EntityId, content.EntityType, content.Version, content.Type, content.Timestamp ?? message.Time, content.Payload)
        {
            Intent = content.Intent,
            SchemaVersion = content.SchemaVersion,
            CorrelationId = content.CorrelationId,
            CausationId = content.CausationId,
            TraceParent = message.Headers.Hint(MessageHeaders.TraceParent),
            TraceState = message.Headers.Hint(MessageHeaders.TraceState),
        };
    }

    private WireContent ReadContent(in WireMessage message)
    {
        try
        {
            var content = format.Read(Of(message));
            return content is { Type.Length: > 0, Version: null or > 0, SchemaVersion: > 0 }
                ? content
                : throw new UnreadableMessageException($"{format.GetType().Name} reads a message without a type, or with a version below 1.");
        }
        catch (Exception error) when (error is not OutboxException)
        {
            throw new UnreadableMessageException($"{format.GetType().Name} cannot read the message: {error.Message}", error);
        }
    }

    private static WireRecord Of(in WireMessage message) => new(message.Value, [.. message.Headers.All()]) { Key = message.Key, Time = message.Time };
}
