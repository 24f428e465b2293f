using Confluent.Kafka;
using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;

namespace Outbox.Kafka.Formats.CloudEvents;

/// <summary>CloudEvents 1.0, Kafka protocol binding, binary mode: attributes are headers, the value is the payload. Tombstones are of this mode too.</summary>
internal sealed class CloudEventsFormat : IRecordFormat
{
    private static readonly byte[] SpecVersion = "1.0"u8.ToArray();
    private static readonly byte[] ContentType = "application/json"u8.ToArray();

    public Message<string, byte[]?> Write(OutboxMessage message) => new()
    {
        Key = message.PartitionKey ?? message.EntityId,
        Value = message.Payload is null ? null : WireText.Bytes(message.Payload),
        Headers = WriteHeaders(message),
        Timestamp = new Timestamp(message.Timestamp),
    };

    public bool Wrote(WireHeaders headers) => headers.Has(Header(CloudEventAttributes.SpecVersion));

    public string? TypeOf(in WireMessage message) => Find(message.Headers, CloudEventAttributes.Type)?.Within(WireLimits.Name, "type");

    public Envelope Read(in WireMessage message)
    {
        var headers = message.Headers;
        if (message.Value is not null && !headers.IsEncoded && headers.Find(MessageHeaders.ContentType) is { } contentType && !CloudEventAttributes.IsJson(contentType))
        {
            throw new UnreadableMessageException($"The header '{MessageHeaders.ContentType}' is '{WireText.Short(contentType)}'; payloads are JSON.");
        }

        return new CloudEventReader(attribute => Find(headers, attribute), attribute => $"header '{Header(attribute)}'")
            .Read(message, message.Payload);
    }

    /// <summary>
    /// The binding has attributes as they are, but a version of the SDK for Python writes them percent-encoded, as HTTP has them. A time tells: it always has colons.
    /// </summary>
    private static string? Find(WireHeaders headers, string attribute)
    {
        var text = headers.Find(Header(attribute));
        return text is not null && text.Contains('%', StringComparison.Ordinal) && headers.Hint(Header(CloudEventAttributes.Time))?.Contains("%3A", StringComparison.OrdinalIgnoreCase) == true
            ? Uri.UnescapeDataString(text)
            : text;
    }

    private static Headers WriteHeaders(OutboxMessage message)
    {
        var headers = new Headers
        {
            { "ce_specversion", SpecVersion },
            { "ce_id", WireText.Bytes(message.MessageId) },
            { "ce_source", WireText.Bytes(CloudEventAttributes.SourceOf(message)) },
            { "ce_type", WireText.Bytes(message.Type) },
            { "ce_time", WireText.Bytes(CloudEventAttributes.TimeOf(message.Timestamp)) },
            { "ce_subject", WireText.Bytes(message.EntityId) },
            { "ce_partitionkey", WireText.Bytes(message.PartitionKey ?? message.EntityId) },
            { "ce_sequence", WireText.Bytes(CloudEventAttributes.SequenceOf(message.Version)) },
            { "ce_intent", WireText.Bytes(message.Intent) },
            { "ce_entitytype", WireText.Bytes(message.EntityType) },
            { MessageHeaders.ContentType, ContentType },
        };
        if (message.SchemaVersion > 1)
        {
            headers.Add("ce_schemaversion", WireText.Bytes(message.SchemaVersion));
        }

        foreach (var (name, value) in message.Headers)
        {
            var bytes = WireText.Bytes(value);
            if (CloudEventAttributes.Of(name) is { } attribute && attribute != CloudEventAttributes.Source)
            {
                headers.Add(Header(attribute), bytes);
            }

            if (CloudEventAttributes.IsHeader(name))
            {
                headers.Add(name, bytes);
            }
        }

        return headers;
    }

    private static string Header(string attribute) => attribute switch
    {
        CloudEventAttributes.SpecVersion => "ce_specversion",
        CloudEventAttributes.Type => "ce_type",
        CloudEventAttributes.CorrelationId => "ce_correlationid",
        CloudEventAttributes.CausationId => "ce_causationid",
        CloudEventAttributes.TraceParent => "ce_traceparent",
        CloudEventAttributes.TraceState => "ce_tracestate",
        _ => CloudEventAttributes.Prefix + attribute,
    };
}
