using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Documents;

namespace Outbox.Embedded.MongoDb.Language.Stages.Joining;

internal static class Joined
{
    /// <summary>A copy of the document with the joined documents at the path.</summary>
    public static BsonDocument Put(BsonDocument document, FieldPath path, BsonArray found) => Put(document, path, 0, found);

    private static BsonDocument Put(BsonDocument document, FieldPath path, int part, BsonArray found)
    {
        var copy = (BsonDocument)document.Clone();
        copy[path.Parts[part]] = part == path.Last ? found : Put(copy.Find(path.Parts[part]) as BsonDocument ?? [], path, part + 1, found);
        return copy;
    }
}
