using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Updates.Tree;

namespace Outbox.Embedded.MongoDb.Language.Updates.Modifiers;

/// <summary><c>$setOnInsert</c>: nothing at all, unless the document is being inserted.</summary>
internal sealed class SetOnInsertNode(string path, BsonValue argument) : UpdateNode(path)
{
    public override bool Tolerates(UpdateContext context) => !context.IsInsert;

    public override BsonValue? Apply(BsonValue? current, UpdateContext context) => context.IsInsert ? argument : current;
}
