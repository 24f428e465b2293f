using System.Globalization;
using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Values;

/// <summary>Values as MongoDB writes them into its error messages.</summary>
internal static class ShellText
{
    public static string Of(BsonValue? value) => value switch
    {
        null => "missing",
        BsonDocument { ElementCount: 0 } => "{}",
        BsonDocument document => "{ " + string.Join(", ", document.Select(element => $"{element.Name}: {Of(element.Value)}")) + " }",
        BsonArray { Count: 0 } => "[]",
        BsonArray array => "[ " + string.Join(", ", array.Select(Of)) + " ]",
        BsonString text => $"\"{text.Value}\"",
        BsonDouble number => Number(number.Value),
        BsonBoolean flag => flag.Value ? "true" : "false",
        BsonDateTime date => string.Create(CultureInfo.InvariantCulture, $"new Date({date.MillisecondsSinceEpoch})"),
        BsonObjectId id => $"ObjectId('{id.Value}')",
        BsonTimestamp stamp => string.Create(CultureInfo.InvariantCulture, $"Timestamp({stamp.Timestamp}, {stamp.Increment})"),
        BsonBinaryData binary => $"BinData({(int)binary.SubType}, {Convert.ToHexString(binary.Bytes)})",
        BsonRegularExpression regex => $"/{regex.Pattern}/{regex.Options}",
        BsonNull => "null",
        BsonUndefined => "undefined",
        BsonMinKey => "MinKey",
        BsonMaxKey => "MaxKey",
        _ => value.ToString()!,
    };

    public static string Element(string name, BsonValue? value) => $"{name}: {Of(value)}";

    /// <summary>The document's identity, for a message about one of its fields.</summary>
    public static string Id(BsonDocument document) =>
        document.TryGetValue("_id", out var id) ? "{" + Element("_id", id) + "}" : "{no id}";

    private static string Number(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return double.IsFinite(value) && !text.Contains('.') && !text.Contains('E') ? text + ".0" : text;
    }
}
