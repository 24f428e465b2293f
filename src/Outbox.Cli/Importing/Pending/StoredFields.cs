using System.Text.Json;
using MongoDB.Bson;
using Outbox.Messages;

namespace Outbox.Cli.Importing.Pending;

/// <summary>Fields of documents that another product's driver wrote, whichever of its representations it was set to.</summary>
internal static class StoredFields
{
    /// <summary>A text; nothing, where there is none or it is null.</summary>
    public static string? Text(this BsonDocument document, string name) => document.GetValue(name, BsonNull.Value) switch
    {
        BsonString text => text.Value,
        BsonNull => null,
        var other => throw new FormatException($"{name} is a {other.BsonType} and not a text"),
    };

    public static string Needed(this BsonDocument document, string name) => document.Text(name) is { Length: > 0 } text ? text : throw new FormatException($"{name} is missing");

    public static DateTimeOffset? Time(this BsonDocument document, string name) => document.GetValue(name, BsonNull.Value) switch
    {
        BsonDateTime time => DateTimeOffset.FromUnixTimeMilliseconds(time.MillisecondsSinceEpoch),
        BsonNull => null,

        // As the driver writes a DateTime that a class map has as a document.
        BsonDocument parts when parts.GetValue("DateTime", BsonNull.Value) is BsonDateTime time => DateTimeOffset.FromUnixTimeMilliseconds(time.MillisecondsSinceEpoch),
        var other => throw new FormatException($"{name} is a {other.BsonType} and not a time"),
    };

    /// <summary>A GUID: in the standard representation, in that of the C# driver before 3.0, or as text.</summary>
    public static Guid? Id(this BsonDocument document, string name) => document.GetValue(name, BsonNull.Value) switch
    {
        BsonBinaryData { SubType: BsonBinarySubType.UuidStandard } id => id.ToGuid(GuidRepresentation.Standard),
        BsonBinaryData { SubType: BsonBinarySubType.UuidLegacy } id => id.ToGuid(GuidRepresentation.CSharpLegacy),
        BsonString text when Guid.TryParse(text.Value, out var id) => id,
        BsonNull => null,
        var other => throw new FormatException($"{name} is a {other.BsonType} and not a GUID"),
    };

    /// <summary>The texts and scalars of a JSON object, without names that would mean something else here.</summary>
    public static Dictionary<string, string> Headers(JsonElement json)
    {
        var headers = new Dictionary<string, string>();
        if (json.ValueKind != JsonValueKind.Object)
        {
            return headers;
        }

        foreach (var header in json.EnumerateObject())
        {
            if (header.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) && ReservedHeaders.CanBeStored(header.Name))
            {
                headers[header.Name] = header.Value.ValueKind == JsonValueKind.String ? header.Value.GetString()! : header.Value.GetRawText();
            }
        }

        return headers;
    }
}
