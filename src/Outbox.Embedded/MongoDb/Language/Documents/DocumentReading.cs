using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Documents;

internal static class DocumentReading
{
    /// <summary>The field's value, or null when it is missing.</summary>
    public static BsonValue? Find(this BsonDocument document, string name) => document.TryGetValue(name, out var value) ? value : null;

    /// <summary>True for all but missing, null, undefined, false and zero.</summary>
    public static bool IsTrue(this BsonValue? value) => value switch
    {
        null or BsonNull or BsonUndefined => false,
        BsonBoolean flag => flag.Value,
        BsonInt32 number => number.Value != 0,
        BsonInt64 number => number.Value != 0,
        BsonDouble number => number.Value != 0,
        BsonDecimal128 number => Decimal128.IsNaN(number.Value) || Numbers.Compare(number, new BsonInt32(0)) != 0,
        _ => true,
    };

    public static bool IsNullish(this BsonValue? value) => value is null or BsonNull or BsonUndefined;

    /// <summary>Sets a field, or takes it away when the value is missing.</summary>
    public static void Put(this BsonDocument document, string name, BsonValue? value)
    {
        if (value is null)
        {
            document.Remove(name);
        }
        else
        {
            document[name] = value;
        }
    }

    /// <summary>An array as the document that it is on the wire: its places are its field names.</summary>
    public static BsonDocument AsIndexed(this BsonArray array) =>
        new(array.Select((item, i) => new BsonElement(i.ToString(System.Globalization.CultureInfo.InvariantCulture), item)));

    public static bool StartsWithDollar(this BsonDocument document) => document.ElementCount > 0 && document.GetElement(0).Name.StartsWith('$');
}
