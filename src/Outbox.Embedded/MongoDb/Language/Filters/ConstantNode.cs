using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Filters.Conditions;

namespace Outbox.Embedded.MongoDb.Language.Filters;

internal sealed class ConstantNode(bool answer) : FilterNode
{
    public override bool Matches(BsonDocument document, Match match) => answer;
}
