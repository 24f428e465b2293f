using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Values;

/// <summary>MongoDB's total order over values of every type. A missing value (null) sorts with undefined, before BSON null.</summary>
internal sealed class BsonOrder : IComparer<BsonValue>
{
    public static readonly BsonOrder Instance = new();

    private BsonOrder()
    {
    }

    public int Compare(BsonValue? x, BsonValue? y)
    {
        if (ReferenceEquals(x, y))
        {
            return 0;
        }

        int rank = Rank(x), difference = rank - Rank(y);
        return difference != 0 ? Math.Sign(difference) : rank is 0 or 1 or 5 or 127 ? 0 : WithinType(x!, y!, rank);
    }

    public bool Same(BsonValue? x, BsonValue? y) => Compare(x, y) == 0;

    /// <summary>Values of different ranks never compare as equal, and comparison operators of a query stay within one rank.</summary>
    public static int Rank(BsonValue? value) => value is null ? 1 : Rank(value.BsonType);

    private static int Rank(BsonType type) => type switch
    {
        BsonType.MinKey => 0,
        BsonType.Undefined => 1,
        BsonType.Null => 5,
        BsonType.Int32 or BsonType.Int64 or BsonType.Double or BsonType.Decimal128 => 10,
        BsonType.String or BsonType.Symbol => 15,
        BsonType.Document => 20,
        BsonType.Array => 25,
        BsonType.Binary => 30,
        BsonType.ObjectId => 35,
        BsonType.Boolean => 40,
        BsonType.DateTime => 45,
        BsonType.Timestamp => 47,
        BsonType.RegularExpression => 50,
        BsonType.JavaScript => 60,
        BsonType.JavaScriptWithScope => 65,
        BsonType.MaxKey => 127,
        _ => throw new InvalidOperationException($"A BSON value of type {type} has no place in the order."),
    };

    private static int WithinType(BsonValue x, BsonValue y, int rank) => rank switch
    {
        10 => Numbers.Compare(x, y),
        15 => Text(TextOf(x), TextOf(y)),
        20 => Documents(x.AsBsonDocument, y.AsBsonDocument),
        25 => Arrays(x.AsBsonArray, y.AsBsonArray),
        30 => Binaries(x.AsBsonBinaryData, y.AsBsonBinaryData),
        35 => x.AsObjectId.CompareTo(y.AsObjectId),
        40 => x.AsBoolean.CompareTo(y.AsBoolean),
        45 => ((BsonDateTime)x).MillisecondsSinceEpoch.CompareTo(((BsonDateTime)y).MillisecondsSinceEpoch),
        47 => ((ulong)x.AsBsonTimestamp.Value).CompareTo((ulong)y.AsBsonTimestamp.Value),
        50 => Regexes(x.AsBsonRegularExpression, y.AsBsonRegularExpression),
        60 => Text(x.AsBsonJavaScript.Code, y.AsBsonJavaScript.Code),
        _ => ScopedCode((BsonJavaScriptWithScope)x, (BsonJavaScriptWithScope)y),
    };

    private static string TextOf(BsonValue value) => value is BsonSymbol symbol ? symbol.Name : value.AsString;

    /// <summary>The order of the UTF-8 bytes, which differs from UTF-16's for characters beyond the basic plane.</summary>
    internal static int Text(string x, string y)
    {
        var at = x.AsSpan().CommonPrefixLength(y);
        if (at == x.Length || at == y.Length)
        {
            return x.Length.CompareTo(y.Length);
        }

        return Utf8Rank(x[at]).CompareTo(Utf8Rank(y[at]));
    }

    private static int Utf8Rank(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;

    private static int Documents(BsonDocument x, BsonDocument y)
    {
        var shared = Math.Min(x.ElementCount, y.ElementCount);
        for (var i = 0; i < shared; i++)
        {
            BsonElement a = x.GetElement(i), b = y.GetElement(i);
            var difference = Rank(a.Value) - Rank(b.Value);
            difference = difference != 0 ? difference : Text(a.Name, b.Name);
            difference = difference != 0 ? difference : Instance.Compare(a.Value, b.Value);
            if (difference != 0)
            {
                return Math.Sign(difference);
            }
        }

        return x.ElementCount.CompareTo(y.ElementCount);
    }

    private static int Arrays(BsonArray x, BsonArray y)
    {
        var shared = Math.Min(x.Count, y.Count);
        for (var i = 0; i < shared; i++)
        {
            var difference = Instance.Compare(x[i], y[i]);
            if (difference != 0)
            {
                return difference;
            }
        }

        return x.Count.CompareTo(y.Count);
    }

    private static int Binaries(BsonBinaryData x, BsonBinaryData y)
    {
        var difference = x.Bytes.Length.CompareTo(y.Bytes.Length);
        difference = difference != 0 ? difference : ((int)x.SubType).CompareTo((int)y.SubType);
        return difference != 0 ? difference : Math.Sign(x.Bytes.AsSpan().SequenceCompareTo(y.Bytes));
    }

    private static int Regexes(BsonRegularExpression x, BsonRegularExpression y)
    {
        var difference = Text(x.Pattern, y.Pattern);
        return difference != 0 ? difference : Text(x.Options, y.Options);
    }

    private static int ScopedCode(BsonJavaScriptWithScope x, BsonJavaScriptWithScope y)
    {
        var difference = Text(x.Code, y.Code);
        return difference != 0 ? difference : Documents(x.Scope, y.Scope);
    }
}
