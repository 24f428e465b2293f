using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Outbox.Kafka.Formats.Wire;

/// <summary>The fields of a JSON object. Every error names the field.</summary>
/// <param name="root">The object.</param>
/// <param name="value">What it was parsed of.</param>
/// <param name="what">What the object is, for errors: <c>envelope</c>.</param>
internal readonly struct JsonFields(JsonElement root, ReadOnlyMemory<byte> value, string what)
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = WireLimits.JsonDepth };

    /// <exception cref="UnreadableMessageException">The value is not a JSON object, or <paramref name="read"/> found a field malformed.</exception>
    public static Envelope Read(ReadOnlyMemory<byte> value, string what, Func<JsonFields, Envelope> read)
    {
        try
        {
            using var document = JsonDocument.Parse(value, Options);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? read(new JsonFields(document.RootElement, value, what))
                : throw new UnreadableMessageException($"The value is a JSON {document.RootElement.ValueKind}, not a {what} object.");
        }
        catch (JsonException error)
        {
            throw new UnreadableMessageException($"The value is not JSON: {error.Message}", error);
        }
    }

    public string Text(string field) => Find(field) is { Length: > 0 } text ? text : throw Bad(field, "is missing or empty");

    /// <summary>An id that may be missing, and then is empty. One that is there must say something.</summary>
    public string Id(string field) => Find(field) is not { } id ? "" : id.Length > 0 ? id : throw Bad(field, "is empty");

    public string? Find(string field) => Field(field) is not { } found ? null : found.ValueKind == JsonValueKind.String
        ? Text(field, found)
        : throw Bad(field, $"is a JSON {found.ValueKind}, not a string");

    /// <summary>A field that is text, or a number or truth value that stands for it.</summary>
    public string? Scalar(string field) => Field(field) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } found => found.GetRawText(),
        _ => Find(field),
    };

    public long? Number(string field)
    {
        if (Field(field) is not { } found)
        {
            return null;
        }

        return found.ValueKind == JsonValueKind.Number && found.TryGetInt64(out var number) && number > 0
            ? number
            : throw Bad(field, "is not a positive whole number");
    }

    public int SchemaVersion(string field) => Number(field) switch
    {
        null => 1,
        { } number and <= int.MaxValue => (int)number,
        { } number => throw Bad(field, $"is {number}, which is no schema version"),
    };

    public DateTimeOffset? Time(string field) => Find(field) switch
    {
        null => null,
        { } text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time,
        _ => throw Bad(field, "is not an ISO 8601 time"),
    };

    /// <summary>A field's JSON as it stands in the value, which it is a part of; <see langword="null"/> when it is missing or null.</summary>
    public ReadOnlyMemory<byte>? Raw(string field)
    {
        if (Field(field) is not { } found)
        {
            return null;
        }

        var raw = JsonMarshal.GetRawUtf8Value(found);
        return value.Span.Overlaps(raw, out var offset) ? value.Slice(offset, raw.Length) : raw.ToArray();
    }

    public UnreadableMessageException Bad(string field, string problem, Exception? cause = null) => new($"The {what}'s '{field}' {problem}.", cause);

    private string? Text(string field, JsonElement found)
    {
        try
        {
            return found.GetString();
        }
        catch (InvalidOperationException error)
        {
            throw Bad(field, "is not valid text", error);
        }
    }

    /// <summary>A field that is there once, and not null. Of two, one reader takes the first and another the last: what the message says would depend on who reads it.</summary>
    private JsonElement? Field(string name)
    {
        JsonElement? found = null;
        foreach (var property in root.EnumerateObject())
        {
            if (Is(property, name))
            {
                found = found is null ? property.Value : throw Bad(name, "comes twice");
            }
        }

        return found is { ValueKind: JsonValueKind.Null } ? null : found;
    }

    /// <summary>Whether a property has a name, which is ASCII: most are told apart by their lengths. One with escapes is longer than what it says.</summary>
    private static bool Is(JsonProperty property, string name)
    {
        var raw = JsonMarshal.GetRawUtf8PropertyName(property);
        return raw.Length == name.Length ? Ascii.Equals(raw, name) : raw.Length > name.Length && raw.Contains((byte)'\\') && property.NameEquals(name);
    }
}
