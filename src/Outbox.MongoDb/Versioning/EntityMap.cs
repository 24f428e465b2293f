using System.Collections.Concurrent;
using System.Text.Json;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using Outbox.Versioning;

namespace Outbox.MongoDb.Versioning;

/// <summary>
/// How the driver keeps a class of entities: in which fields, under which id, and by what it tells the class from others of its collection. Version-checked changes
/// write what the driver would, or it could not read what they insert.
/// </summary>
internal sealed class EntityMap
{
    private static readonly ConcurrentDictionary<Type, EntityMap> Known = new();

    private readonly BsonClassMap? _map;

    private EntityMap(Type type)
    {
        (Type, _map) = (type, type.IsInterface ? null : BsonClassMap.LookupClassMap(type));
        Fields = new StampFields(Field(nameof(IVersioned.Version)), Field(nameof(IVersioned.LastMessageId)), Field(nameof(IVersioned.LastUpdated)));
    }

    public Type Type { get; }

    public StampFields Fields { get; }

    /// <summary>The class's id member; an interface has none.</summary>
    public BsonMemberMap? Id => _map?.IdMemberMap;

    public static EntityMap Of(Type type) => Known.GetOrAdd(type, static type => new EntityMap(type));

    /// <summary>What a document needs beside its state to be read as one of this class; <see langword="null"/> where nothing.</summary>
    /// <param name="ofType">Whether it is written through <c>OfType</c>, which finds documents by nothing else.</param>
    public BsonElement? Discriminator(bool ofType)
    {
        if (_map is null || !(ofType || _map.DiscriminatorIsRequired || _map.HasRootClass))
        {
            return null;
        }

        var convention = BsonSerializer.LookupDiscriminatorConvention(Type);
        return convention?.GetDiscriminator(typeof(object), Type) is { } value ? new BsonElement(convention.ElementName, value) : null;
    }

    /// <exception cref="OutboxException">The state is not stored in a way that a later change could be held against.</exception>
    public void RequireStamped(BsonDocument state, MessageStamp stamp)
    {
        var version = state.GetValue(Fields.Version, 0);
        if (!version.IsNumeric || version.ToInt64() != stamp.Version)
        {
            throw Misplaced(nameof(IVersioned.Version), Fields.Version, "a number");
        }

        if (state.GetValue(Fields.LastMessageId, BsonNull.Value) != stamp.MessageId)
        {
            throw Misplaced(nameof(IVersioned.LastMessageId), Fields.LastMessageId, "a string");
        }

        if (stamp.Ordering == MessageOrdering.NewestTimestamp && !state.GetValue(Fields.LastUpdated, BsonNull.Value).IsBsonDateTime)
        {
            throw Misplaced(nameof(IVersioned.LastUpdated), Fields.LastUpdated, "a date");
        }
    }

    /// <summary>As the class map names it; where another member stands for it, or a serializer of the user's own writes the class, in camelCase.</summary>
    private string Field(string member) =>
        _map?.AllMemberMaps.FirstOrDefault(mapped => mapped.MemberName == member)?.ElementName ?? JsonNamingPolicy.CamelCase.ConvertName(member);

    private OutboxException Misplaced(string member, string field, string kind) => new(
        $"{Type.Name} does not keep its {member} as {kind} in the field '{field}', so a newer state could not be told from an older one. Have the class map store "
        + $"{nameof(IVersioned.Version)} as a number, {nameof(IVersioned.LastMessageId)} as a string and {nameof(IVersioned.LastUpdated)} as a date.");
}
