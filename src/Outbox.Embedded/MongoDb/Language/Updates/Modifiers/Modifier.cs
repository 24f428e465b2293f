using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Updates.Tree;

namespace Outbox.Embedded.MongoDb.Language.Updates.Modifiers;

/// <summary>A modifier that is no more than a function of the field's value.</summary>
internal sealed class Modifier(string path, Func<BsonValue?, UpdateContext, BsonValue?> body, bool tolerant = false) : UpdateNode(path)
{
    public override bool Tolerates(UpdateContext context) => tolerant;

    public override BsonValue? Apply(BsonValue? current, UpdateContext context) => body(current, context);
}
