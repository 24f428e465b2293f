using System.Buffers;
using System.Text;
using System.Text.Json;
using Outbox.Messages;

namespace Outbox.Inbox.Operations;

/// <summary>
/// The payload of a parked message, out of the envelope that its format puts around it: a member of a JSON object in the envelope and in a structured CloudEvent, and otherwise the value itself.
/// </summary>
internal static class ParkedPayload
{
    private const string Bare = "application/vnd.outbox.payload+json";

    /// <returns><see langword="null"/> where the value is not JSON, or not what its format says.</returns>
    public static string? Of(ParkedMessage message)
    {
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

    /// <summary>The value with another payload.</summary>
    /// <exception cref="OutboxException">It has none that can be replaced.</exception>
    public static byte[] Replace(ParkedMessage message, string payload)
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
        return contentType.StartsWith("application/cloudevents", StringComparison.OrdinalIgnoreCase) ? "data"
            : Header(message, MessageHeaders.MessageId) is not null && contentType != Bare && Header(message, "ce_specversion") is null ? "payload"
            : null;
    }

    private static string? Header(ParkedMessage message, string name) =>
        message.Headers.FirstOrDefault(header => header.Key == name).Value is { } value ? Encoding.UTF8.GetString(value) : null;
}
