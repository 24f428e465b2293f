using System.Globalization;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Expressions.Dates;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Conversion;

/// <summary>Values written as <c>$toString</c> writes them.</summary>
internal static class Written
{
    public static string Of(BsonValue value) => value switch
    {
        BsonString text => text.Value,
        BsonSymbol symbol => symbol.Name,
        BsonBoolean flag => flag.Value ? "true" : "false",
        BsonInt32 number => number.Value.ToString(CultureInfo.InvariantCulture),
        BsonInt64 number => number.Value.ToString(CultureInfo.InvariantCulture),
        BsonDouble number => Double(number.Value),
        BsonObjectId id => id.Value.ToString(),
        BsonDateTime date => DateText.Iso(date.MillisecondsSinceEpoch),
        _ => value.ToString()!,
    };

    /// <summary>C's "%.16g".</summary>
    private static string Double(double value) =>
        double.IsNaN(value) ? "NaN"
        : double.IsInfinity(value) ? value > 0 ? "Infinity" : "-Infinity"
        : value.ToString("G16", CultureInfo.InvariantCulture).Replace('E', 'e');
}
