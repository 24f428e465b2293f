using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Outbox.Messages;
using Outbox.Payloads;

namespace Outbox.Inbox.Operations;

/// <summary>
/// The payload of a parked message, out of the envelope that its format puts around it: a member of a JSON object in the envelope and in a structured CloudEvent, and otherwise the value itself.
/// </summary>
internal static class ParkedPayload
{
    private const string Json = "application/json";
    private const string Bare = "application/vnd.outbox.payload+json";

    /// <summary>The transforms that the payload has gone through, if it has: what is parked is as it came, and the database has nothing in clear that the topic has not.</summary>
    public static string? EncodingOf(ParkedMessage message) => Header(message, MessageHeaders.PayloadEncoding);

    /// <summary>What transforms have left of the payload.</summary>
    public static ReadOnlyMemory<byte> BytesOf(ParkedMessage message)
    {
        if (!IsStructured(message))
        {
            return message.Value;
        }

        using var json = JsonDocument.Parse(message.Value ?? []);
        return json.RootElement.GetProperty("data_base64").GetBytesFromBase64();
    }

    /// <summary>The version of the payload's schema, which is a header or an attribute.</summary>
    public static int SchemaVersionOf(ParkedMessage message)
    {
        var text = Header(message, MessageHeaders.SchemaVersion) ?? Header(message, "ce_schemaversion");
        if (IsStructured(message))
        {
            using var json = JsonDocument.Parse(message.Value ?? []);
            text = json.RootElement.TryGetProperty("schemaversion", out var attribute) ? attribute.GetString() : null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 1;
    }

    /// <returns><see langword="null"/> where the value is not JSON, or not what its format says, or has gone through transforms.</returns>
    public static string? Of(ParkedMessage message)
    {
        if (EncodingOf(message) is not null)
        {
            return null;
        }

        try
        {
            using var value = JsonDocument.Parse(message.Value ?? []);
            return Member(message) is not { } member ? value.RootElement.GetRawText()
                : value.RootElement.ValueKind == JsonValueKind.Object && value.RootElement.TryGetProperty(member, out var payload) ? payload.GetRawText() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The message with another payload, which has gone through no transforms.</summary>
    /// <exception cref="OutboxException">It has none that can be replaced.</exception>
    public static ParkedMessage Replace(ParkedMessage message, string payload) => EncodingOf(message) is null
        ? message with { Value = ValueOf(message, payload) }
        : ReplaceEncoded(message, payload);

    private static ParkedMessage ReplaceEncoded(ParkedMessage message, string payload)
    {
        var headers = message.Headers.Where(header => !header.Key.StartsWith(PayloadContext.HeaderPrefix, StringComparison.Ordinal)).ToList();
        if (IsStructured(message))
        {
            var json = JsonNode.Parse(message.Value ?? [])?.AsObject() ?? throw new OutboxException($"The value of message {message.MessageId} is not a CloudEvent, so that it cannot be edited.");
            json.Remove("data_base64");
            json["datacontenttype"] = Json;
            json["data"] = JsonNode.Parse(payload);
            return message with { Value = JsonSerializer.SerializeToUtf8Bytes(json), Headers = headers };
        }

        headers.RemoveAll(header => header.Key == MessageHeaders.ContentType);
        headers.Add(new(MessageHeaders.ContentType, Encoding.UTF8.GetBytes(Header(message, "ce_specversion") is null ? Bare : Json)));
        return message with { Value = Encoding.UTF8.GetBytes(payload), Headers = headers };
    }

    private static byte[] ValueOf(ParkedMessage message, string payload)
    {
        if (Of(message) is null)
        {
            throw new OutboxException($"The value of message {message.MessageId} is not JSON, or has no payload where its format has it, so that it cannot be edited.");
        }

        if (Member(message) is not { } member)
        {
            return Encoding.UTF8.GetBytes(payload);
        }

        using var value = JsonDocument.Parse(message.Value!);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var property in value.RootElement.EnumerateObject())
            {
                writer.WritePropertyName(property.Name);
                writer.WriteRawValue(property.NameEquals(member) ? payload : property.Value.GetRawText());
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string? Member(ParkedMessage message)
    {
        var contentType = Header(message, MessageHeaders.ContentType) ?? "";
        return IsStructured(message) ? "data"
            : Header(message, MessageHeaders.MessageId) is not null && contentType != Bare && Header(message, "ce_specversion") is null ? "payload"
            : null;
    }

    private static bool IsStructured(ParkedMessage message) =>
        Header(message, MessageHeaders.ContentType)?.StartsWith("application/cloudevents", StringComparison.OrdinalIgnoreCase) == true;

    private static string? Header(ParkedMessage message, string name) =>
        message.Headers.FirstOrDefault(header => header.Key == name).Value is { } value ? Encoding.UTF8.GetString(value) : null;
}
