using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Filters.Conditions;

namespace Outbox.Embedded.MongoDb.Language.Filters;

internal sealed class OrNode(FilterNode[] children) : FilterNode
{
    public FilterNode[] Children { get; } = children;

    public override bool Matches(BsonDocument document, Match match)
    {
        foreach (var child in Children)
        {
            if (child.Matches(document, match))
            {
                return true;
            }
        }

        return false;
    }

    public override IEnumerable<KeyValuePair<string, BsonValue>> Equalities() => Children is [var only] ? only.Equalities() : [];
}
