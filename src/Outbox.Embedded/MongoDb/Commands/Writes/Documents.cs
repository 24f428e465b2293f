using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Commands.Writes;

/// What may be stored, and in which form: `_id` first, no larger than a document may be.
internal static class Documents
{
    public static byte[] EncodeNew(ref BsonDocument document, byte[]? data, CommandContext context)
    {
        foreach (var name in document.Names)
        {
            if (name.StartsWith('$'))
            {
                throw new MongoError(52, "DollarPrefixedFieldName", $"Document can't have $ prefixed field names: {name}");
            }
        }

        if (!document.TryGetValue("_id", out var id))
        {
            document = WithId(ObjectId.GenerateNewId(), document);
            data = null;
        }
        else
        {
            CheckId(id);
        }

        if (StampEmptyTimestamps(ref document, context))
        {
            data = null;
        }

        if (document.GetElement(0).Name != "_id")
        {
            document = IdFirst(document);
            data = null;
        }

        return Sized(data ?? Raw.Encode(document), MongoError.BadValue);
    }

    public static byte[] EncodeUpdated(BsonDocument before, ref BsonDocument next, CommandContext context)
    {
        var id = before["_id"];
        if (!next.TryGetValue("_id", out var nextId))
        {
            next = WithId(id, next);
        }
        else if (!BsonEquality.Identical(nextId, id))
        {
            throw MongoError.ImmutableField($"Performing an update on the path '_id' would modify the immutable field '_id'");
        }

        StampEmptyTimestamps(ref next, context);
        if (next.GetElement(0).Name != "_id")
        {
            next = IdFirst(next);
        }

        return Sized(Raw.Encode(next), message => MongoError.Location(17419, message));
    }

    private static BsonDocument IdFirst(BsonDocument document) => WithId(document["_id"], document.Where(element => element.Name != "_id"));

    /// A name may be there twice: MongoDB stores what it gets.
    private static BsonDocument WithId(BsonValue id, IEnumerable<BsonElement> others) =>
        new BsonDocument(allowDuplicateNames: true).Add("_id", id).AddRange(others);

    private static void CheckId(BsonValue id)
    {
        if (id.BsonType is BsonType.Array or BsonType.RegularExpression or BsonType.Undefined)
        {
            throw new MongoError(53, "InvalidIdField", $"The '_id' value cannot be of type {id.BsonType.ToString().ToLowerInvariant()}");
        }

        if (id is BsonDocument fields && fields.Names.FirstOrDefault(name => name.StartsWith('$')) is { } dollar)
        {
            throw new MongoError(52, "DollarPrefixedFieldName", $"_id fields may not contain '$'-prefixed fields: {dollar} is not valid for storage.");
        }
    }

    /// A timestamp of zero at the top of a document means "now".
    private static bool StampEmptyTimestamps(ref BsonDocument document, CommandContext context)
    {
        var stamped = false;
        for (var i = 0; i < document.ElementCount; i++)
        {
            var element = document.GetElement(i);
            if (element.Value is BsonTimestamp { Value: 0 } && element.Name != "_id")
            {
                context.Store.Tick();
                document = stamped ? document : new BsonDocument(allowDuplicateNames: true).AddRange(document.Elements);
                document[i] = Timestamps.ToBson(context.Store.ReadLast());
                stamped = true;
            }
        }

        return stamped;
    }

    private static byte[] Sized(byte[] data, Func<string, MongoError> error) =>
        data.Length <= Raw.MaxDocumentSize ? data : throw error($"object to store is too large: {data.Length} bytes, max size: {Raw.MaxDocumentSize}");
}
