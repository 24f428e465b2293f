using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Outbox.History.Projecting.Folding;
using Outbox.Messages;

namespace Outbox.Testing.Projections;

/// <summary>Rows as JSON, each under its entity's id.</summary>
internal sealed class JsonRows : IRowFormat<string>
{
    private readonly Type _type;
    private readonly PropertyInfo _id;

    /// <exception cref="OutboxConfigurationException">The rows have no id.</exception>
    public JsonRows(Type type, string projection) => (_type, _id) = (type, IdOf(type) ?? throw new OutboxConfigurationException(
        $"The rows of projection '{projection}', {type.Name}, have no id. Give them a property Id, or put [BsonId] on the one that holds the entity id."));

    /// <inheritdoc/>
    public object Read(string document) =>
        JsonSerializer.Deserialize(document, _type, MessageJson.Default) ?? throw new OutboxException($"A {_type.Name} was read as null of {document}.");

    /// <inheritdoc/>
    public string Write(string entityId, object row) => IdOf(row) == entityId ? JsonSerializer.Serialize(row, _type, MessageJson.Default) : throw new OutboxException(
        $"The fold made a {_type.Name} whose {_id.Name} is {IdOf(row) ?? "null"}, of an event of entity '{entityId}'. A row is its entity's: set its id to the entity id.");

    /// <summary>The id that a row says, as text.</summary>
    public string? IdOf(object row) => Convert.ToString(_id.GetValue(row), CultureInfo.InvariantCulture);

    /// <summary>As the driver finds it.</summary>
    private static PropertyInfo? IdOf(Type type)
    {
        var all = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        return Array.Find(all, property => property.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "BsonIdAttribute"))
            ?? Array.Find(all, property => property.Name is "Id" or "id" or "_id");
    }
}
