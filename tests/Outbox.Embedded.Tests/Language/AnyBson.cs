using CsCheck;
using MongoDB.Bson;

namespace Outbox.Embedded.Tests.Language;

/// <summary>Random values: few names and small numbers, so that they meet; every type, and the edges of each.</summary>
internal static class AnyBson
{
    private static readonly string[] Names = ["_id", "a", "b", "c", "0", "1"];

    private static readonly BsonValue[] Edges =
    [
        BsonNull.Value, BsonUndefined.Value, BsonMinKey.Value, BsonMaxKey.Value, true, false, "", "a", "b", "ab", "\ud83d\ude00", "\uffee",
        0, 1, 2, -1, int.MaxValue, int.MinValue, 0L, 1L, long.MaxValue, long.MinValue, 0.0, -0.0, 1.0, 1.5, 2.5, double.NaN, double.PositiveInfinity,
        double.NegativeInfinity, 9223372036854775807.0, 1e300, new BsonDecimal128(Decimal128.Parse("1")), new BsonDecimal128(Decimal128.Parse("1.50")),
        new BsonDecimal128(Decimal128.QNaN), new BsonDecimal128(Decimal128.PositiveInfinity), new BsonDecimal128(Decimal128.Parse("1E-6176")),
        new BsonDecimal128(Decimal128.Parse("9.999999999999999999999999999999999E6144")),
        new BsonDateTime(0), new BsonDateTime(1709209845678), new BsonDateTime(long.MaxValue), new BsonTimestamp(1, 1), new BsonTimestamp(-1),
        new BsonObjectId(ObjectId.Empty), new BsonObjectId(ObjectId.Parse("65e07bf5ffffffffffffffff")), new BsonBinaryData([1, 2]), new BsonBinaryData([]),
        new BsonRegularExpression("^a", "i"), new BsonJavaScript("x"), new BsonJavaScriptWithScope("x", []), BsonSymbol.Create("a"),
    ];

    public static readonly Gen<BsonValue> Scalar = Gen.OneOf(
        Gen.OneOf(Edges), Gen.Int[-2, 3].Select(i => (BsonValue)i), Gen.OneOf(0, 1, 2).Select(i => (BsonValue)(double)i));

    public static readonly Gen<string> Name = Gen.OneOf(Names);

    public static readonly Gen<BsonValue> Value = OfDepth(3);

    public static readonly Gen<BsonDocument> Document = DocumentOf(OfDepth(2));

    public static readonly Gen<string> Path = Gen.Select(Name, Name, Gen.Int[0, 2]).Select((x, y, kind) => kind == 0 ? x : x + "." + y);

    public static Gen<BsonDocument> DocumentOf(Gen<BsonValue> value) => Gen.Select(Name, value).Array[0, 4].Select(fields =>
        new BsonDocument(fields.DistinctBy(field => field.Item1).Select(field => new BsonElement(field.Item1, field.Item2))));

    private static Gen<BsonValue> OfDepth(int depth) => depth == 0 ? Scalar : Gen.Frequency(
        (5, Scalar),
        (2, OfDepth(depth - 1).Array[0, 3].Select(items => (BsonValue)new BsonArray(items))),
        (2, DocumentOf(OfDepth(depth - 1)).Select(document => (BsonValue)document)));
}
