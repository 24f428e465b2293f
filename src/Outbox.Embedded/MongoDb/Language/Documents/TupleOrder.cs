using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Documents;

/// <summary>Keys of several values, compared from left to right, all ascending.</summary>
internal sealed class TupleOrder : IComparer<BsonValue[]>
{
    public static readonly TupleOrder Instance = new();

    private TupleOrder()
    {
    }

    public int Compare(BsonValue[]? x, BsonValue[]? y)
    {
        for (var i = 0; i < x!.Length; i++)
        {
            var difference = BsonOrder.Instance.Compare(x[i], y![i]);
            if (difference != 0)
            {
                return difference;
            }
        }

        return 0;
    }
}
