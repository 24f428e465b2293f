using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;

namespace Outbox.Embedded.MongoDb.Language.Updates.Tree;

/// <summary>
/// A part of an update at one place of a document. Values are never changed in place: whoever holds the old document keeps it as it was.
/// </summary>
internal abstract class UpdateNode(string path)
{
    /// <summary>The dotted path as the update spells it.</summary>
    public string Path { get; } = path;

    /// <summary>True when a path that cannot exist is no error, because there is nothing to take away.</summary>
    public abstract bool Tolerates(UpdateContext context);

    /// <summary>The new value (the same object when nothing changes), null for a missing one on either side.</summary>
    public abstract BsonValue? Apply(BsonValue? current, UpdateContext context);

    /// <summary>Both parts at one place, when neither of them is a modification of the place itself.</summary>
    public static UpdateNode Merge(UpdateNode x, UpdateNode y, string path) => (x, y) switch
    {
        (FieldsNode a, FieldsNode b) => a.Merged(b, path),
        (ElementsNode a, ElementsNode b) => a.Merged(b, path),
        _ => throw MongoError.ConflictingUpdate($"Update created a conflict at '{path}'"),
    };
}
