using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Filters;

internal sealed class ConstantNode(bool answer) : FilterNode
{
    public override bool Matches(BsonDocument document, Match match) => answer;
}
