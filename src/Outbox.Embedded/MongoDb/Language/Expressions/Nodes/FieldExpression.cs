using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Documents;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Nodes;

/// <summary>A path into the document at hand or into another value; over an array it yields an array.</summary>
internal sealed class FieldExpression(Expression? source, string[] parts) : Expression
{
    public override bool TryAddFields(ISet<string> fields)
    {
        if (source is null)
        {
            fields.Add(parts[0]);
        }

        return source is null;
    }

    public override BsonValue? Evaluate(Scope scope) => source is null
        ? InDocument(scope.Root, 0)
        : Deeper(source.Evaluate(scope), 0);

    private BsonValue? InDocument(BsonDocument document, int part)
    {
        var value = document.Find(parts[part]);
        return part == parts.Length - 1 ? value : Deeper(value, part + 1);
    }

    private BsonValue? Deeper(BsonValue? value, int part) => value switch
    {
        BsonDocument document => InDocument(document, part),
        BsonArray array => new BsonArray(array.OfType<BsonDocument>().Select(item => InDocument(item, part)).OfType<BsonValue>()),
        _ => null,
    };
}
