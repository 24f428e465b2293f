using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Versioning;

namespace Outbox.MongoDb.Versioning;

/// <summary>A user's update of parts of an entity, and what a version-checked change adds to it.</summary>
/// <param name="update">Operators, or a pipeline.</param>
/// <param name="map">The entity's class.</param>
/// <param name="ofType">Whether the collection is one of <c>OfType</c>.</param>
internal sealed class VersionedUpdate(BsonValue update, EntityMap map, bool ofType)
{
    public UpdateDefinition<BsonDocument> Of(MessageStamp stamp) =>
        update is BsonArray stages ? Builders<BsonDocument>.Update.Pipeline(Stamped(stages, stamp)) : Stamped(update.AsBsonDocument, stamp);

    /// <summary>Where it finds no document, the one that it makes must be readable as one of its class.</summary>
    /// <exception cref="OutboxException">The class has no documents of its own.</exception>
    public UpdateDefinition<BsonDocument> OfInsert(MessageStamp stamp)
    {
        if (map.Type.IsAbstract)
        {
            throw new OutboxException(
                $"There is no entity '{stamp.EntityId}' for the update of message {stamp.MessageId}, and it cannot insert one: {map.Type.Name} is abstract, and nothing says which of "
                + "its classes the entity is. Apply a whole state, or update through the collection of that class: collection.OfType<…>().");
        }

        if (map.Discriminator(ofType) is not { } discriminator)
        {
            return Of(stamp);
        }

        return update is BsonArray stages
            ? Builders<BsonDocument>.Update.Pipeline(Stamped(stages, stamp).Append(Unless(discriminator)).ToArray())
            : WithDiscriminator(Stamped(update.AsBsonDocument, stamp), discriminator);
    }

    private BsonDocument Stamped(BsonDocument operators, MessageStamp stamp)
    {
        var stamped = operators.DeepClone().AsBsonDocument;
        stamped["$set"] = stamped.GetValue("$set", new BsonDocument()).AsBsonDocument.Merge(map.Fields.Of(stamp), overwriteExistingElements: true);
        return stamped;
    }

    private BsonDocument[] Stamped(BsonArray stages, MessageStamp stamp)
    {
        var literals = new BsonDocument(map.Fields.Of(stamp).Select(field => new BsonElement(field.Name, new BsonDocument("$literal", field.Value))));
        return stages.Select(stage => stage.AsBsonDocument).Append(new BsonDocument("$set", literals)).ToArray();
    }

    /// <summary>An update that sets it says itself what it makes.</summary>
    private static BsonDocument WithDiscriminator(BsonDocument operators, BsonElement discriminator)
    {
        if (!operators.Values.OfType<BsonDocument>().Any(fields => fields.Contains(discriminator.Name)))
        {
            var inserted = operators.GetValue("$setOnInsert", new BsonDocument()).AsBsonDocument;
            operators["$setOnInsert"] = inserted.Add(discriminator);
        }

        return operators;
    }

    private static BsonDocument Unless(BsonElement discriminator) => new(
        "$set",
        new BsonDocument(discriminator.Name, new BsonDocument("$ifNull", new BsonArray { "$" + discriminator.Name, new BsonDocument("$literal", discriminator.Value) })));
}
