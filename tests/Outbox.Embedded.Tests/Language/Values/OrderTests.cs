using CsCheck;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.Tests.Language.Values;

public sealed class OrderTests
{
    /// <summary>One value of every bracket, in MongoDB's order.</summary>
    private static readonly BsonValue[] Ascending =
    [
        BsonMinKey.Value, BsonUndefined.Value, BsonNull.Value, double.NaN, double.NegativeInfinity, long.MinValue, -1.5, -1, 0, 0.1,
        new BsonDecimal128(Decimal128.Parse("0.5")), 1L, 9007199254740992.0, 9007199254740993L, 1e300, double.PositiveInfinity,
        "", "A", "a", "aa", "b", "\uffee", "\ud83d\ude00", Bson.Doc("{}"), Bson.Doc("{ a: 1 }"), Bson.Doc("{ a: 1, b: 1 }"), Bson.Doc("{ b: 1 }"), Bson.Doc("{ a: 'x' }"),
        Bson.List("[]"), Bson.List("[null]"), Bson.List("[1]"), Bson.List("[1, 2]"), Bson.List("[2]"),
        new BsonBinaryData([]), new BsonBinaryData([9]), new BsonBinaryData([9], BsonBinarySubType.UserDefined), new BsonBinaryData([1, 1]),
        new BsonObjectId(ObjectId.Empty), false, true, new BsonDateTime(-1), new BsonDateTime(0), new BsonTimestamp(0), new BsonTimestamp(1, 0),
        new BsonTimestamp(-1), new BsonRegularExpression("a", ""), new BsonRegularExpression("a", "i"), new BsonJavaScript("x"),
        new BsonJavaScriptWithScope("x", []), BsonMaxKey.Value,
    ];

    [Fact]
    public void Types_and_values_have_one_order()
    {
        for (var i = 0; i < Ascending.Length; i++)
        {
            for (var j = 0; j < Ascending.Length; j++)
            {
                Assert.True(Math.Sign(BsonOrder.Instance.Compare(Ascending[i], Ascending[j])) == i.CompareTo(j), $"{Ascending[i]} against {Ascending[j]}");
            }
        }
    }

    [Theory]
    [InlineData("1", "{ $numberLong: '1' }")]
    [InlineData("1", "1.0")]
    [InlineData("{ $numberDecimal: '1.50' }", "1.5")]
    [InlineData("0.0", "-0.0")]
    [InlineData("{ $numberDouble: 'NaN' }", "{ $numberDecimal: 'NaN' }")]
    [InlineData("{ a: 1 }", "{ a: 1.0 }")]
    [InlineData("{ $symbol: 'a' }", "'a'")]
    public void Some_values_of_different_types_are_equal(string x, string y)
    {
        Assert.Equal(0, BsonOrder.Instance.Compare(Bson.Value(x), Bson.Value(y)));
        Assert.Equal(BsonEquality.Instance.GetHashCode(Bson.Value(x)), BsonEquality.Instance.GetHashCode(Bson.Value(y)));
    }

    [Fact]
    public void The_order_is_total() => Gen.Select(AnyBson.Value, AnyBson.Value, AnyBson.Value).Sample((x, y, z) =>
    {
        int xy = BsonOrder.Instance.Compare(x, y), yz = BsonOrder.Instance.Compare(y, z), xz = BsonOrder.Instance.Compare(x, z);
        Assert.Equal(-Math.Sign(xy), Math.Sign(BsonOrder.Instance.Compare(y, x)));
        Assert.True(xy > 0 || yz > 0 || xz <= 0, "not transitive");
        Assert.True(xy != 0 || Math.Sign(xz) == Math.Sign(yz), "equal values compare differently to a third");
        Assert.True(xy != 0 || BsonEquality.Instance.GetHashCode(x) == BsonEquality.Instance.GetHashCode(y), "equal values have different hashes");
    });
}
