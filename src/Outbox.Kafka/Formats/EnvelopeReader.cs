using System.Text.Json;

namespace Outbox.Kafka.Formats;

/// <summary>Reads the JSON envelope. Every error names the field.</summary>
internal static class EnvelopeReader
{
    /// <exception cref="UnreadableMessageException">The value is not an envelope.</exception>
    public static Envelope Read(ReadOnlyMemory<byte> value)
    {
        try
        {
            using var document = JsonDocument.Parse(value);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new UnreadableMessageException($"The value is a JSON {root.ValueKind}, not an envelope object.");
            }

            return new Envelope(
                Text(root, "messageId"), Text(root, "entityId"), Optional(root, "entityType") ?? "", Version(root), Text(root, "type"),
                Time(root), Payload(root));
        }
        catch (JsonException error)
        {
            throw new UnreadableMessageException($"The value is not JSON: {error.Message}", error);
        }
    }

    private static string Text(JsonElement root, string field) =>
        Optional(root, field) is { Length: > 0 } text ? text : throw new UnreadableMessageException($"The envelope's '{field}' is missing or empty.");

    private static string? Optional(JsonElement root, string field)
    {
        if (!root.TryGetProperty(field, out var found) || found.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return found.ValueKind == JsonValueKind.String
            ? found.GetString()
            : throw new UnreadableMessageException($"The envelope's '{field}' is a JSON {found.ValueKind}, not a string.");
    }

    /// <summary>0 where there is none: not every type is ordered by it.</summary>
    private static long Version(JsonElement root)
    {
        if (IsMissing(root, "version", out var found))
        {
            return 0;
        }

        return found.ValueKind == JsonValueKind.Number && found.TryGetInt64(out var version) && version > 0
            ? version
            : throw new UnreadableMessageException("The envelope's 'version' is not a positive whole number.");
    }

    /// <summary>Year 1 where there is none: older than any.</summary>
    private static DateTimeOffset Time(JsonElement root)
    {
        if (IsMissing(root, "timestamp", out var found))
        {
            return default;
        }

        return found.ValueKind == JsonValueKind.String && found.TryGetDateTimeOffset(out var time)
            ? time
            : throw new UnreadableMessageException("The envelope's 'timestamp' is not an ISO 8601 time.");
    }

    private static bool IsMissing(JsonElement root, string field, out JsonElement found) =>
        !root.TryGetProperty(field, out found) || found.ValueKind == JsonValueKind.Null;

    private static byte[] Payload(JsonElement root) =>
        root.TryGetProperty("payload", out var found) && found.ValueKind != JsonValueKind.Null
            ? JsonSerializer.SerializeToUtf8Bytes(found)
            : throw new UnreadableMessageException("The envelope's 'payload' is missing.");
}
