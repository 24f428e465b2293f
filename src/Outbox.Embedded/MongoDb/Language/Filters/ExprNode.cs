using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Filters.Conditions;

namespace Outbox.Embedded.MongoDb.Language.Filters;

/// <summary><c>$expr</c>: an expression that must come out true.</summary>
internal sealed class ExprNode(Expression expression) : FilterNode
{
    public override bool Matches(BsonDocument document, Match match) => expression.Evaluate(new Scope(document, match.Scope)).IsTrue();
}
