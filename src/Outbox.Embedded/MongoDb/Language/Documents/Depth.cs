using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;

namespace Outbox.Embedded.MongoDb.Language.Documents;

/// <summary>How deep documents may nest. Without a limit an update or an expression could build one that no walk over it survives.</summary>
internal static class Depth
{
    /// <summary>MongoDB's own limit for what is stored; answers may be a little deeper.</summary>
    public const int Stored = 180, Answered = 200;

    public static T Checked<T>(T value, int limit = Answered)
        where T : BsonValue
    {
        if (Exceeds(value, limit))
        {
            throw new MongoError(15, "Overflow", $"Document exceeds maximum nesting depth of {limit}");
        }

        return value;
    }

    /// <summary>Looks no deeper than the limit.</summary>
    public static bool Exceeds(BsonValue? value, int limit) => value switch
    {
        BsonDocument document => limit == 0 || AnyExceeds(document.Values, limit - 1),
        BsonArray array => limit == 0 || AnyExceeds(array, limit - 1),
        _ => false,
    };

    private static bool AnyExceeds(IEnumerable<BsonValue> values, int limit)
    {
        foreach (var value in values)
        {
            if (value.BsonType is BsonType.Document or BsonType.Array && Exceeds(value, limit))
            {
                return true;
            }
        }

        return false;
    }
}
