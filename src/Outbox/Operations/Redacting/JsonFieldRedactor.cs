using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Outbox.Operations.Redacting;

/// <summary>
/// Masks fields of JSON, and headers, by name. A name without a dot is a field at any depth; one with dots is a path from the payload's root, on which arrays are passed through. Upper and lower case are one.
/// A masked field keeps its name, and its whole value, whatever it is, becomes <see cref="Mask"/>. Text that is no JSON is not shown at all where anything is to be masked: nobody can say where in it that is.
/// </summary>
public sealed class JsonFieldRedactor : IPayloadRedactor
{
    /// <summary>What stands in place of what is not shown.</summary>
    public const string Mask = "***";

    private const string NoJson = "(not shown: it is no JSON, and fields are to be masked)";

    private readonly HashSet<string> _names;
    private readonly HashSet<string> _paths;

    /// <summary>Masks what is named.</summary>
    /// <param name="fields">The names and paths.</param>
    public JsonFieldRedactor(IEnumerable<string> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        var given = fields.Select(field => field.Trim()).Where(field => field.Length > 0).ToLookup(field => field.Contains('.', StringComparison.Ordinal));
        (_names, _paths) = (Set(given[false]), Set(given[true]));
    }

    /// <summary>Whether anything is masked.</summary>
    public bool IsEmpty => _names.Count + _paths.Count == 0;

    /// <inheritdoc/>
    public string RedactPayload(RedactedContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (IsEmpty)
        {
            return content.Payload;
        }

        try
        {
            using var document = JsonDocument.Parse(content.Payload);
            return Masks(document.RootElement, "") ? Rewrite(document.RootElement) : content.Payload;
        }
        catch (JsonException)
        {
            return NoJson;
        }
    }

    /// <inheritdoc/>
    public string RedactHeader(string? type, string topic, string name, string value) => _names.Contains(name) || _paths.Contains(name) ? Mask : value;

    private static HashSet<string> Set(IEnumerable<string> fields) => new(fields, StringComparer.OrdinalIgnoreCase);

    private bool Masks(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Any(field => IsMasked(field.Name, Below(path, field.Name)) || Masks(field.Value, Below(path, field.Name))),
        JsonValueKind.Array => element.EnumerateArray().Any(item => Masks(item, path)),
        _ => false,
    };

    private bool IsMasked(string name, string path) => _names.Contains(name) || _paths.Contains(path);

    private static string Below(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private string Rewrite(JsonElement root)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, root, "");
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private void Write(Utf8JsonWriter writer, JsonElement element, string path)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var field in element.EnumerateObject())
                {
                    WriteField(writer, field, Below(path, field.Name));
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(writer, item, path);
                }

                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private void WriteField(Utf8JsonWriter writer, JsonProperty field, string path)
    {
        writer.WritePropertyName(field.Name);
        if (IsMasked(field.Name, path))
        {
            writer.WriteStringValue(Mask);
        }
        else
        {
            Write(writer, field.Value, path);
        }
    }
}
