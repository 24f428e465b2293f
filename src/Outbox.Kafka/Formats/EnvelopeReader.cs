using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;

namespace Outbox.Kafka.Formats;

/// <summary>Reads the JSON envelope; what the envelope does not repeat comes from the headers.</summary>
internal static class EnvelopeReader
{
    /// <exception cref="UnreadableMessageException">The value is not an envelope.</exception>
    public static Envelope Read(in WireMessage message)
    {
        var headers = message.Headers;
        return JsonFields.Read(message.Value, "envelope", json => new Envelope(
            json.Id("messageId"),
            json.Text("entityId"),
            json.Find("entityType") ?? "",
            json.Number("version"),
            json.Text("type"),
            json.Time("timestamp") ?? default,
            json.Raw("payload") ?? throw json.Bad("payload", "is missing"))
        {
            Intent = WireText.Intent(json.Find("intent"), "envelope's 'intent'"),
            SchemaVersion = json.SchemaVersion("schemaVersion"),
            CorrelationId = headers.Find(MessageHeaders.CorrelationId),
            CausationId = headers.Find(MessageHeaders.CausationId),
            TraceParent = headers.Hint(MessageHeaders.TraceParent),
            TraceState = headers.Hint(MessageHeaders.TraceState),
        });
    }

    /// <summary>Reads a message whose headers say everything: a tombstone, a payload that transforms have changed, or a bare payload that another relay than ours published.</summary>
    public static Envelope ReadHeaders(in WireMessage message)
    {
        var headers = message.Headers;
        return new Envelope(
            headers.Id(MessageHeaders.MessageId),
            headers.Find(MessageHeaders.EntityId) ?? WireKey.Text(message.Key),
            headers.Find(MessageHeaders.EntityType) ?? "",
            headers.Version(MessageHeaders.Version),
            headers.Require(MessageHeaders.Type),
            (headers.IsEncoded ? headers.Time(MessageHeaders.Timestamp) : null) ?? message.Time,
            message.Payload)
        {
            Intent = WireText.Intent(headers.Find(MessageHeaders.Intent), $"header '{MessageHeaders.Intent}'"),
            SchemaVersion = headers.SchemaVersion(MessageHeaders.SchemaVersion),
            CorrelationId = headers.Find(MessageHeaders.CorrelationId),
            CausationId = headers.Find(MessageHeaders.CausationId),
            TraceParent = headers.Hint(MessageHeaders.TraceParent),
            TraceState = headers.Hint(MessageHeaders.TraceState),
        };
    }
}
