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
