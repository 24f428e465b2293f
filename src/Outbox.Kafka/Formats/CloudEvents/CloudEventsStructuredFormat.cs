using System.Text.Json;
using Confluent.Kafka;
using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;

namespace Outbox.Kafka.Formats.CloudEvents;

/// <summary>
/// CloudEvents 1.0, Kafka protocol binding, structured mode: the value is the whole event as JSON. A tombstone has no value to put one into,
/// so it is written in binary mode.
/// </summary>
internal sealed class CloudEventsStructuredFormat : IWireFormat
{
    private const string MediaType = "application/cloudevents";
    private const string Data = "data";
    private const string DataBase64 = "data_base64";
    private const string DataContentType = "datacontenttype";

    private static readonly CloudEventsFormat Binary = new();
    private static readonly byte[] ContentType = "application/cloudevents+json; charset=UTF-8"u8.ToArray();

    public Message<string, byte[]?> Write(OutboxMessage message) => message.Payload is null ? Binary.Write(message) : new()
    {
        Key = message.PartitionKey ?? message.EntityId,
        Value = WriteValue(message, message.Payload),
        Headers = WriteHeaders(message),
        Timestamp = new Timestamp(message.Timestamp),
    };

    public bool Wrote(WireHeaders headers) =>
        headers.Has(MessageHeaders.ContentType)
        && headers.Find(MessageHeaders.ContentType)?.StartsWith(MediaType, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The binding allows attributes to be repeated as headers; we repeat the type, so that others' types are skipped unparsed.</summary>
    public string? TypeOf(in WireMessage message) => Binary.TypeOf(message);

    public Envelope Read(in WireMessage message)
    {
        if (message.Value is null)
        {
            return Binary.Read(message);
        }

        var wire = message;
        return JsonFields.Read(message.Value, "CloudEvent", json =>
            new CloudEventReader(json.Find, attribute => $"CloudEvent's '{attribute}'").Read(wire, Payload(json)));
    }

    private static ReadOnlyMemory<byte> Payload(JsonFields json)
    {
        if (json.Find(DataContentType) is { } contentType && !CloudEventAttributes.IsJson(contentType))
        {
            throw json.Bad(DataContentType, $"is '{WireText.Short(contentType)}'; payloads are JSON");
        }

        if (json.Raw(Data) is { } data)
        {
            return data;
        }

        try
        {
            return Convert.FromBase64String(json.Text(DataBase64));
        }
        catch (FormatException error)
        {
            throw json.Bad(DataBase64, "is not base64", error);
        }
    }

    private static byte[] WriteValue(OutboxMessage message, string payload)
    {
        var buffer = JsonBuffer.Start();
        var json = buffer.Json;
        json.WriteStartObject();
        json.WriteString("specversion"u8, "1.0"u8);
        json.WriteString("id"u8, message.MessageId);
        json.WriteString("source"u8, CloudEventAttributes.SourceOf(message));
        json.WriteString("type"u8, message.Type);
        json.WriteString("time"u8, CloudEventAttributes.TimeOf(message.Timestamp));
        json.WriteString("subject"u8, message.EntityId);
        json.WriteString("partitionkey"u8, message.PartitionKey ?? message.EntityId);
        json.WriteString("sequence"u8, CloudEventAttributes.SequenceOf(message.Version));
        json.WriteString("intent"u8, WireText.Name(message.Intent));
        json.WriteString("entitytype"u8, message.EntityType);
        if (message.SchemaVersion > 1)
        {
            json.WriteString("schemaversion"u8, WireText.Bytes(message.SchemaVersion));
        }

        foreach (var (name, value) in message.Headers)
        {
            if (CloudEventAttributes.Of(name) is { } attribute && attribute != CloudEventAttributes.Source)
            {
                json.WriteString(attribute, value);
            }
        }

        json.WriteString("datacontenttype"u8, "application/json"u8);
        json.WritePropertyName("data"u8);
        json.WriteRawValue(payload, skipInputValidation: true);
        json.WriteEndObject();
        return buffer.Take();
    }

    private static Headers WriteHeaders(OutboxMessage message)
    {
        var headers = new Headers
        {
            { MessageHeaders.ContentType, ContentType },
            { "ce_id", WireText.Bytes(message.MessageId) },
            { "ce_type", WireText.Bytes(message.Type) },
        };
        foreach (var (name, value) in message.Headers)
        {
            if (CloudEventAttributes.IsHeader(name))
            {
                headers.Add(name, WireText.Bytes(value));
            }
        }

        return headers;
    }
}
