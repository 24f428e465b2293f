using CsCheck;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Indexing;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.Tests.MongoDb.Storage;

public sealed class KeyEncoderTests
{
    private static readonly Gen<BsonValue> Number = Gen.OneOf(
        Gen.Int.Select(i => (BsonValue)i),
        Gen.Int[-3, 3].Select(i => (BsonValue)i),
        Gen.Long.Select(i => (BsonValue)i),
        Gen.Int[-4, 4].Select(i => (BsonValue)((1L << 53) + i)),
        Gen.Int[-4, 4].Select(i => (BsonValue)(long.MaxValue - 4 + i)),
        Gen.Double.Select(d => (BsonValue)d),
        Gen.Int[-40, 40].Select(i => (BsonValue)(i / 8d)),
        Gen.Int[-4, 4].Select(i => (BsonValue)(9007199254740992d + (i * 2))),
        Gen.Decimal.Select(d => (BsonValue)new BsonDecimal128(d)),
        Gen.Int[-40, 40].Select(i => (BsonValue)new BsonDecimal128(i / 10m)),
        Gen.Int[-4, 4].Select(i => (BsonValue)new BsonDecimal128(9007199254740993m + (i / 2m))),
        OneOf(0d, -0d, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, long.MinValue,
            new BsonDecimal128(Decimal128.QNaN), new BsonDecimal128(Decimal128.PositiveInfinity), new BsonDecimal128(Decimal128.Parse("1E-400")), new BsonDecimal128(Decimal128.Parse("-1E+400")),
            new BsonDecimal128(Decimal128.Parse("0E-20")), new BsonDecimal128(Decimal128.Parse("1.10"))));

    private static readonly Gen<BsonValue> Leaf = Gen.OneOf(
        Number,
        Gen.String[Gen.Char["ab\0\u00e9"], 0, 4].Select(s => (BsonValue)s),
        Gen.Byte.Array[0, 3].Select(b => (BsonValue)new BsonBinaryData(b)),
        Gen.Long.Select(t => (BsonValue)new BsonDateTime(t)),
        Gen.Long.Select(t => (BsonValue)new BsonTimestamp(t)),
        Gen.Bool.Select(b => (BsonValue)b),
        OneOf(BsonNull.Value, BsonUndefined.Value, BsonMinKey.Value, BsonMaxKey.Value, ObjectId.Empty, new BsonRegularExpression("a", "i"), new BsonJavaScript("x")));

    private static readonly Gen<BsonValue> Value = Gen.Recursive<BsonValue>((depth, inner) => depth > 2 ? Leaf : Gen.Frequency(
        (6, Leaf),
        (1, inner.Array[0, 3].Select(items => (BsonValue)new BsonArray(items))),
        (1, Gen.Select(Gen.String[Gen.Char["ab"], 1, 2], inner).Array[0, 3].Select(Document))));

    [Fact]
    public void The_order_of_the_bytes_is_the_order_of_the_values() =>
        Gen.Select(Value, Value).Sample(
            (x, y) => Math.Sign(Encode(x, 1).AsSpan().SequenceCompareTo(Encode(y, 1))) == Math.Sign(BsonOrder.Instance.Compare(x, y)), iter: 200_000);

    [Fact]
    public void Numbers_of_all_types_share_one_order() =>
        Gen.Select(Number, Number).Sample(
            (x, y) => Math.Sign(Encode(x, 1).AsSpan().SequenceCompareTo(Encode(y, 1))) == Math.Sign(BsonOrder.Instance.Compare(x, y)), iter: 200_000);

    [Fact]
    public void Compound_keys_compare_field_by_field_each_in_its_direction() =>
        Gen.Select(Leaf, Leaf, Leaf, Leaf).Sample(
            (a, b, c, d) =>
            {
                (string, int)[] keys = [("x", -1), ("y", 1)];
                var expected = -Math.Sign(BsonOrder.Instance.Compare(a, c));
                expected = expected == 0 ? Math.Sign(BsonOrder.Instance.Compare(b, d)) : expected;
                return Math.Sign(KeyEncoder.Encode([a, b], keys).AsSpan().SequenceCompareTo(KeyEncoder.Encode([c, d], keys))) == expected;
            },
            iter: 100_000);

    [Fact]
    public void A_prefix_and_what_comes_after_it_enclose_every_key_that_begins_with_it() =>
        Gen.Select(Leaf, Leaf, Gen.Bool.Select(up => up ? 1 : -1)).Sample(
            (first, second, direction) =>
            {
                (string, int)[] keys = [("x", 1), ("y", direction)];
                var prefix = KeyEncoder.Encode([first], keys);
                var key = KeyEncoder.Encode([first, second], keys);
                return prefix.AsSpan().SequenceCompareTo(key) < 0 && key.AsSpan().SequenceCompareTo(KeyEncoder.After(prefix)) < 0;
            },
            iter: 50_000);

    private static Gen<BsonValue> OneOf(params BsonValue[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static byte[] Encode(BsonValue value, int direction) => KeyEncoder.Encode([value], [("x", direction)]);

    private static BsonValue Document((string Name, BsonValue Value)[] fields)
    {
        var document = new BsonDocument();
        foreach (var (name, value) in fields)
        {
            document[name] = value;
        }

        return document;
    }
}
