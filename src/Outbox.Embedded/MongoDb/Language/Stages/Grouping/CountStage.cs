using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Stages.Sequences;

namespace Outbox.Embedded.MongoDb.Language.Stages.Grouping;

internal sealed class CountStage(string name) : Stage
{
    public static CountStage Parse(BsonValue argument) => argument switch
    {
        not BsonString => throw MongoError.Location(40156, "the count field must be a non-empty string"),
        BsonString { Value: "" } => throw MongoError.Location(40157, "the count field must be a non-empty string"),
        BsonString { Value: ['$', ..] } => throw MongoError.Location(40158, "the count field cannot be a $-prefixed path"),
        BsonString { Value: var name } => name.Contains('.') ? throw MongoError.Location(40160, "the count field cannot contain '.'") : new CountStage(name),
    };

    public override IReadOnlySet<string> Fields => new HashSet<string>();

    /// <summary>Of nothing there is no count, not a count of zero.</summary>
    public override IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source, Scope? outer)
    {
        var count = source.LongCount();
        return count == 0 ? [] : [new BsonDocument(name, count <= int.MaxValue ? new BsonInt32((int)count) : new BsonInt64(count))];
    }
}
