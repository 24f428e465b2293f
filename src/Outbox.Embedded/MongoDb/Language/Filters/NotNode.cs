using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Filters;

internal sealed class NotNode(FilterNode child) : FilterNode
{
    public override bool Matches(BsonDocument document, Match match) => !child.Matches(document, match.Quiet);
}
