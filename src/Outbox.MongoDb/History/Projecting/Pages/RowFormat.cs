using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using Outbox.History.Projecting.Folding;
using Outbox.MongoDb.Versioning;

namespace Outbox.MongoDb.History.Projecting.Pages;

/// <summary>Rows as the driver writes them, each under its entity's id.</summary>
internal sealed class RowFormat : IRowFormat<BsonDocument>
{
    private readonly EntityMap _map;
    private readonly Type _type;

    /// <exception cref="OutboxConfigurationException">The rows have no id.</exception>
    public RowFormat(Type type, string projection)
    {
        (_type, _map) = (type, EntityMap.Of(type));
        if (_map.Id is null)
        {
            throw new OutboxConfigurationException(
                $"The rows of projection '{projection}', {type.Name}, have no id. Give them a property Id, or put [BsonId] on the one that holds the entity id.");
        }
    }

    /// <summary>The <c>_id</c> of an entity's row; <see langword="null"/> if there can be none.</summary>
    public BsonValue? FindId(string entityId)
    {
        try
        {
            return EntityIds.Of(_map, entityId);
        }
        catch (OutboxException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public object Read(BsonDocument document) => BsonSerializer.Deserialize(document, _type);

    /// <inheritdoc/>
    public BsonDocument Write(string entityId, object row)
    {
        var document = row.ToBsonDocument(_type);
        var (id, own) = (EntityIds.Of(_map, entityId), document.GetValue("_id", BsonNull.Value));
        return own == id ? document : throw new OutboxException(
            $"The fold made a {_type.Name} whose {_map.Id!.MemberName} is {own}, of an event of entity '{entityId}'. A row is its entity's: set its id to the entity id.");
    }
}
