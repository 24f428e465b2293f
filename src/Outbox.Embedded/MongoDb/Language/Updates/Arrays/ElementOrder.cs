using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Updates.Arrays;

/// <summary>Elements ordered by fields of theirs; what is no document counts as one without fields.</summary>
internal sealed class ElementOrder(SortSpec sort) : IComparer<BsonValue>
{
    private static readonly BsonDocument Empty = [];

    public int Compare(BsonValue? x, BsonValue? y) => sort.Compare(x as BsonDocument ?? Empty, y as BsonDocument ?? Empty);
}
