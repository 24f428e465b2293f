using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Values;

/// <summary>Equality as <see cref="BsonOrder"/> sees it (1 equals 1.0), for dictionaries and sets.</summary>
internal sealed class BsonEquality : IEqualityComparer<BsonValue>
{
    public static readonly BsonEquality Instance = new();

    private BsonEquality()
    {
    }

    public bool Equals(BsonValue? x, BsonValue? y) => BsonOrder.Instance.Same(x, y);

    public int GetHashCode(BsonValue obj)
    {
        var hash = new HashCode();
        Mix(ref hash, obj);
        return hash.ToHashCode();
    }

    /// <summary>True when nothing tells the two apart, not even their types: what an update may leave as it is.</summary>
    public static bool Identical(BsonValue? x, BsonValue? y)
    {
        if (ReferenceEquals(x, y))
        {
            return true;
        }

        return x is not null && x.BsonType == y?.BsonType && (x, y) switch
        {
            (BsonDocument a, BsonDocument b) => a.Names.SequenceEqual(b.Names) && a.Values.Zip(b.Values).All(pair => Identical(pair.First, pair.Second)),
            (BsonArray a, BsonArray b) => a.Count == b.Count && a.Zip(b).All(pair => Identical(pair.First, pair.Second)),
            (BsonDouble a, BsonDouble b) => BitConverter.DoubleToInt64Bits(a.Value) == BitConverter.DoubleToInt64Bits(b.Value),
            _ => x.Equals(y),
        };
    }

    private static void Mix(ref HashCode hash, BsonValue value)
    {
        hash.Add(BsonOrder.Rank(value));
        switch (value)
        {
            case BsonDocument document:
                foreach (var element in document)
                {
                    hash.Add(element.Name);
                    Mix(ref hash, element.Value);
                }

                break;
            case BsonArray array:
                foreach (var item in array)
                {
                    Mix(ref hash, item);
                }

                break;
            case var number when Numbers.IsNumber(number):
                hash.Add(Numbers.HashKey(number));
                break;
            case BsonSymbol symbol:
                hash.Add(symbol.Name);
                break;
            case BsonString text:
                hash.Add(text.Value);
                break;
            case BsonBinaryData binary:
                hash.AddBytes(binary.Bytes);
                break;
            case BsonDateTime or BsonObjectId or BsonBoolean or BsonTimestamp:
                hash.Add(value.GetHashCode());
                break;
        }
    }
}
