using System.Collections.Frozen;
using System.Globalization;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;

namespace Outbox.MongoDb.Versioning;

/// <summary>
/// Makes the <c>_id</c> of a collection out of a message's entity id, which is text: the same value, in the same representation, that the driver writes for the class's id
/// member. Anything else would be another document.
/// </summary>
internal static class EntityIds
{
    private static readonly FrozenDictionary<Type, Func<string, object>> Parsers = new Dictionary<Type, Func<string, object>>
    {
        [typeof(string)] = text => text,
        [typeof(ObjectId)] = text => ObjectId.Parse(text),
        [typeof(Guid)] = text => Guid.Parse(text),
        [typeof(int)] = text => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
        [typeof(long)] = text => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
    }.ToFrozenDictionary();

    /// <exception cref="OutboxException">The class has no id member, or the entity id is not text of its type.</exception>
    public static BsonValue Of<T>(string entityId)
    {
        var member = BsonClassMap.LookupClassMap(typeof(T)).IdMemberMap ?? throw new OutboxException(
            $"{typeof(T).Name} has no id member, so the entity '{entityId}' cannot be found. Give it a property Id, or put [BsonId] on the one that holds the entity id.");
        var parse = Parsers.GetValueOrDefault(Nullable.GetUnderlyingType(member.MemberType) ?? member.MemberType) ?? throw new OutboxException(
            $"{typeof(T).Name}.{member.MemberName} is a {member.MemberType.Name}, and an entity id is text. Updates and deletes by entity id work with ids of type "
            + "string, ObjectId, Guid, int and long; for another, apply whole states.");
        try
        {
            return Written(member.GetSerializer(), parse(entityId));
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            throw new OutboxException(
                $"The entity id '{entityId}' is no {member.MemberType.Name}, which {typeof(T).Name}.{member.MemberName} is: {error.Message} Publish the messages under the id that "
                + "the documents have, or apply their changes to a collection whose ids are theirs.", error);
        }
    }

    private static BsonValue Written(IBsonSerializer serializer, object id)
    {
        var document = new BsonDocument();
        using (var writer = new BsonDocumentWriter(document))
        {
            writer.WriteStartDocument();
            writer.WriteName("_id");
            serializer.Serialize(BsonSerializationContext.CreateRoot(writer), id);
            writer.WriteEndDocument();
        }

        return document["_id"];
    }
}
