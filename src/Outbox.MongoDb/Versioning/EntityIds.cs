using MongoDB.Bson;
using Outbox.Versioning;

namespace Outbox.MongoDb.Versioning;

/// <summary>
/// Makes the <c>_id</c> of a collection out of a message's entity id, which is text: the same value, in the same representation, that the driver writes for the class's id
/// member. Anything else would be another document.
/// </summary>
internal static class EntityIds
{
    /// <exception cref="OutboxException">The class has no id member, or the entity id is not text of its type, or no id at all.</exception>
    public static BsonValue Of(EntityMap map, string entityId)
    {
        var member = map.Id ?? throw new OutboxException(
            $"{map.Type.Name} has no id member, so the entity '{entityId}' cannot be found. Give it a property Id, or put [BsonId] on the one that holds the entity id"
            + (map.Type.IsInterface ? ", and use the collection of the class that implements it: collection.OfType<…>()." : "."));
        var parse = IdValues.ParserOf(member) ?? throw new OutboxException(
            $"{map.Type.Name}.{member.MemberName} is a {member.MemberType.Name}, and an entity id is text. Updates and deletes by entity id work with ids of type "
            + "string, ObjectId, Guid, int and long, and of types that are IParsable; for another, apply whole states.");
        BsonValue id;
        try
        {
            id = IdValues.Written(member, parse(entityId));
        }
        catch (Exception error) when (error is FormatException or OverflowException or ArgumentException)
        {
            throw new OutboxException(
                $"The entity id '{entityId}' is no {member.MemberType.Name}, which {map.Type.Name}.{member.MemberName} is: {error.Message} Publish the messages under the id that "
                + "the documents have, or apply their changes to a collection whose ids are theirs.", error);
        }

        return !IdValues.IsDefault(id, member) ? id : throw new OutboxException(
            $"The entity id '{entityId}' is no id: it is what {map.Type.Name}.{member.MemberName} has when nobody sets it. Publish the messages under their entity's id.");
    }

    /// <summary>The <c>_id</c> of a state that a message brings.</summary>
    /// <exception cref="OutboxException">It is missing, or another entity's: the state would overwrite that one's.</exception>
    public static BsonValue Of(EntityMap map, BsonDocument state, MessageStamp stamp)
    {
        var id = state.GetValue("_id", BsonNull.Value);
        if (IdValues.IsDefault(id, map.Id))
        {
            throw new OutboxException(
                $"The {map.Type.Name} that message {stamp.MessageId} brings has no id: its _id is {Shown(id)}, and the message is about entity '{stamp.EntityId}'. All states without an "
                + $"id would be one document. Set {map.Id?.MemberName ?? "the id"} to the entity id before you apply the state.");
        }

        return IsThatOf(map, id, stamp.EntityId) ? id : throw new OutboxException(
            $"The {map.Type.Name} that message {stamp.MessageId} brings has the _id {Shown(id)}, and the message is about entity '{stamp.EntityId}'. Versions of two entities cannot "
            + "be held against each other: set the state's id to the entity id, or have the producer publish the message under the id that the document has.");
    }

    private static bool IsThatOf(EntityMap map, BsonValue id, string entityId)
    {
        if (id.IsString && id.AsString == entityId)
        {
            return true;
        }

        // A composite id has no text that it could be held against.
        if (map.Id is not { } member || IdValues.ParserOf(member) is not { } parse)
        {
            return true;
        }

        try
        {
            return IdValues.Written(member, parse(entityId)) == id;
        }
        catch (Exception error) when (error is FormatException or OverflowException or ArgumentException)
        {
            return false;
        }
    }

    private static string Shown(BsonValue id) => id.IsBsonNull ? "null" : id.IsString ? $"'{id}'" : id.ToString()!;
}
