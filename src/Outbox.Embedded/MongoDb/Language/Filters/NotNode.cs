using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Filters.Conditions;

namespace Outbox.Embedded.MongoDb.Language.Filters;

internal sealed class NotNode(FilterNode child) : FilterNode
{
    public override bool Matches(BsonDocument document, Match match) => !child.Matches(document, match.Quiet);
}
