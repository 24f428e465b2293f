using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Filters.Conditions;

namespace Outbox.Embedded.MongoDb.Language.Filters;

internal sealed class AndNode(FilterNode[] children) : FilterNode
{
    public FilterNode[] Children { get; } = children;

    public override bool Matches(BsonDocument document, Match match)
    {
        foreach (var child in Children)
        {
            if (!child.Matches(document, match))
            {
                return false;
            }
        }

        return true;
    }

    public override IEnumerable<KeyValuePair<string, BsonValue>> Equalities() => Children.SelectMany(child => child.Equalities());
}
