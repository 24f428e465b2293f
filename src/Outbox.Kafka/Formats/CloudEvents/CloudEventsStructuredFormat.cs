using System.Text.Json;
using Confluent.Kafka;
using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;

namespace Outbox.Kafka.Formats.CloudEvents;

/// <summary>
/// CloudEvents 1.0, Kafka protocol binding, structured mode: the value is the whole event as JSON. A tombstone has no value to put one into,
/// so it is written in binary mode.
/// </summary>
internal sealed class CloudEventsStructuredFormat : IRecordFormat
{
    private const string MediaType = "application/cloudevents";
    private const string Data = "data";
    private const string DataBase64 = "data_base64";
    private const string DataContentType = "datacontenttype";

    private static readonly CloudEventsFormat Binary = new();
    private static readonly JsonEncodedText Id = JsonEncodedText.Encode(CloudEventAttributes.Id);
    private static readonly JsonEncodedText Source = JsonEncodedText.Encode(CloudEventAttributes.Source);
    private static readonly JsonEncodedText Type = JsonEncodedText.Encode(CloudEventAttributes.Type);
    private static readonly JsonEncodedText Subject = JsonEncodedText.Encode(CloudEventAttributes.Subject);
    private static readonly JsonEncodedText PartitionKey = JsonEncodedText.Encode(CloudEventAttributes.PartitionKey);
    private static readonly JsonEncodedText EntityType = JsonEncodedText.Encode(CloudEventAttributes.EntityType);
    private static readonly byte[] ContentType = "application/cloudevents+json; charset=UTF-8"u8.ToArray();

    public Message<string, byte[]?> Write(OutboxMessage message) => message.Payload is null ? Binary.Write(message) : new()
    {
        Key = message.PartitionKey ?? message.EntityId,
        Value = WriteValue(message, message.Payload),
        Headers = WriteHeaders(message),
        Timestamp = new Timestamp(message.Timestamp),
    };

    public bool Wrote(WireHeaders headers) =>
        headers.Hint(MessageHeaders.ContentType)?.StartsWith(MediaType, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>We repeat the type as a header, so that others' types are skipped unparsed. The header of another producer may be any.</summary>
    public string? TypeOf(in WireMessage message) =>
        !Wrote(message.Headers) ? null : Binary.TypeOf(message) ?? (message.Headers.Has(MessageHeaders.MessageId) ? message.Headers.Type(MessageHeaders.Type) : null);

    public Envelope Read(in WireMessage message)
    {
        if (message.Value is null)
        {
            return Binary.Read(message);
        }

        var wire = message;
        return JsonFields.Read(message.Value, "CloudEvent", json =>
            new CloudEventReader(json.Scalar, attribute => $"CloudEvent's '{attribute}'").Read(wire, Payload(json, wire.Headers.IsEncoded)));
    }

    private static ReadOnlyMemory<byte> Payload(JsonFields json, bool isEncoded)
    {
        if (!isEncoded && json.Find(DataContentType) is { } contentType && !CloudEventAttributes.IsJson(contentType))
        {
            throw json.Bad(DataContentType, $"is '{WireText.Short(contentType)}'; payloads are JSON");
        }

        if (json.Raw(Data) is { } data)
        {
            return data;
        }

        if (json.Find(DataBase64) is not { } encoded)
        {
            throw json.Bad(Data, "is missing");
        }

        try
        {
            return Convert.FromBase64String(encoded);
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
        buffer.Write(Id, message.MessageId);
        buffer.Write(Source, CloudEventAttributes.SourceOf(message));
        buffer.Write(Type, message.Type);
        json.WriteString("time"u8, CloudEventAttributes.TimeOf(message.Timestamp));
        buffer.Write(Subject, message.EntityId);
        buffer.Write(PartitionKey, message.PartitionKey ?? message.EntityId);
        json.WriteString("sequence"u8, CloudEventAttributes.SequenceOf(message.Version));
        json.WriteString("intent"u8, WireText.Name(message.Intent));
        buffer.Write(EntityType, message.EntityType);
        if (message.SchemaVersion > 1)
        {
            json.WriteString("schemaversion"u8, WireText.Bytes(message.SchemaVersion));
        }

        foreach (var (name, value) in message.Headers)
        {
            if (CloudEventAttributes.Of(name) is { } attribute && attribute != CloudEventAttributes.Source)
            {
                buffer.Write(JsonEncodedText.Encode(attribute), value);
            }
        }

        if (message.Encoded is { } encoded)
        {
            json.WriteString(DataContentType, WireText.Binary);
            json.WriteBase64String(DataBase64, encoded.Span);
        }
        else
        {
            json.WriteString("datacontenttype"u8, "application/json"u8);
            json.WritePropertyName("data"u8);
            json.WriteRawValue(payload, skipInputValidation: true);
        }

        json.WriteEndObject();
        return buffer.Take();
    }

    private static Headers WriteHeaders(OutboxMessage message)
    {
        var headers = new Headers
        {
            { MessageHeaders.ContentType, ContentType },
            // Not as ce_id and ce_type: in this mode some SDKs take every header for an attribute of its name, and CloudEvents allows no underscore in one.
            { MessageHeaders.MessageId, WireText.Bytes(message.MessageId) },
            { MessageHeaders.Type, WireText.Bytes(message.Type) },
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
