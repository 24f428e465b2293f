using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Filters.Conditions;

namespace Outbox.Embedded.MongoDb.Language.Projections;

/// <summary>The first element that matches, alone in its array; no field when there is none.</summary>
internal sealed class ElemMatchOperator(string path, Filter filter) : FindOperator(path)
{
    public override bool Includes => true;

    public override BsonDocument Apply(BsonDocument original, BsonDocument projected)
    {
        var (match, array) = (new Match(null, tracked: true), original.Find(Path) as BsonArray);
        var found = array is not null && filter.Matches(new BsonDocument("a", array), match);
        projected.Put(Path, found ? new BsonArray { array![match.ArrayIndex!.Value] } : null);
        return projected;
    }
}
