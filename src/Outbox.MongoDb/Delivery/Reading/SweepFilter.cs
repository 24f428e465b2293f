using MongoDB.Bson;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.MongoDb.Delivery.Reading;

/// <summary>Asks the server for the messages of some lanes without those that wait, so that neither they nor their number cost anything here.</summary>
internal static class SweepFilter
{
    /// <summary>The sweep's index: also a topic that is left out is told by its keys alone, without reading a document.</summary>
    public static readonly BsonDocument Index = new() { { "lane", 1 }, { "entityId", 1 }, { "entityType", 1 }, { "version", 1 }, { "ordinal", 1 }, { "topic", 1 } };

    /// <summary>The order of a sweep.</summary>
    public static readonly BsonDocument Order = new() { { "lane", 1 }, { "entityId", 1 }, { "entityType", 1 }, { "version", 1 }, { "ordinal", 1 } };

    /// <summary>The index of delayed messages.</summary>
    public static readonly BsonDocument DueIndex = new() { { "lane", 1 }, { "notBefore", 1 } };

    public static BsonDocument Of(IEnumerable<int> lanes, IReadOnlyCollection<Entity> entities, IReadOnlyCollection<Place> places)
    {
        var filter = new BsonDocument("lane", new BsonDocument("$in", new BsonArray(lanes)));
        if (places.Count > 0)
        {
            filter.Add("topic", Topics(places));
        }

        if (entities.Count > 0)
        {
            filter.Add("$or", Entities(entities));
        }

        return filter;
    }

    private static BsonDocument Topics(IReadOnlyCollection<Place> places)
    {
        var closed = new BsonDocument("$nin", new BsonArray(places.Where(place => place.Topic is not null).Select(place => place.Topic)));
        return places.Contains(Place.Cluster) ? closed.Add("$in", new BsonArray { BusTopics.Events, BusTopics.Commands, BusTopics.Replies }) : closed;
    }

    /// <summary>
    /// Other ids; and the same ids of other types, asked for by what types are left out of them, which are few. Both are ranges of the index, so what lies between them is not
    /// looked at. An entity whose type is not known, as its document has none, is left out with all of its namesakes.
    /// </summary>
    private static BsonArray Entities(IReadOnlyCollection<Entity> entities)
    {
        var types = entities.GroupBy(entity => entity.Id, entity => entity.Type, StringComparer.Ordinal)
            .ToDictionary(id => id.Key, id => id.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray());
        var namesakes = types.Where(id => !id.Value.Contains("")).GroupBy(id => string.Join('\0', id.Value), StringComparer.Ordinal).Select(same => new BsonDocument
        {
            { "entityId", new BsonDocument("$in", new BsonArray(same.Select(id => id.Key))) },
            { "entityType", new BsonDocument("$nin", new BsonArray(same.First().Value)) },
        });
        return [new BsonDocument("entityId", new BsonDocument("$nin", new BsonArray(types.Keys))), .. namesakes];
    }
}
