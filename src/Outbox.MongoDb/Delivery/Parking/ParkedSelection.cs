using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Operations;

namespace Outbox.MongoDb.Delivery.Parking;

/// <summary>Finds the parked messages that a person means.</summary>
internal static class ParkedSelection
{
    /// <summary>So few that a transaction of the largest messages stays far from its time limit.</summary>
    private const int MostAtOnce = 20;

    /// <summary>The order in which they were to be published.</summary>
    public static readonly BsonDocument Order = new() { { "entityId", 1 }, { "entityType", 1 }, { "version", 1 }, { "ordinal", 1 } };

    public static BsonDocument Of(ParkedFilter filter)
    {
        var parkedAt = new BsonDocument
        {
            { "$gte", filter.ParkedFrom?.UtcDateTime ?? default, filter.ParkedFrom is not null },
            { "$lt", filter.ParkedBefore?.UtcDateTime ?? default, filter.ParkedBefore is not null },
        };
        return new BsonDocument
        {
            { "topic", filter.Topic, filter.Topic is not null },
            { "entityType", filter.EntityType, filter.EntityType is not null },
            { "entityId", filter.EntityId, filter.EntityId is not null },
            { "error", new BsonRegularExpression(Regex.Escape(filter.Error ?? "")), filter.Error is not null },
            { "parkedAt", parkedAt, parkedAt.ElementCount > 0 },
        };
    }

    /// <summary>Their ids, some at a time; what they hold is left on the server.</summary>
    public static async IAsyncEnumerable<BsonArray> InOrderAsync(
        IMongoCollection<BsonDocument> parked, ParkedFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var cursor = await parked.Aggregate(new AggregateOptions { AllowDiskUse = true, BatchSize = 1_000 }).Match(Of(filter))
            .Project(new BsonDocument(Order.Names.Select(name => new BsonElement(name, 1)))).Sort(Order).ToCursorAsync(cancellationToken).ConfigureAwait(false);
        while (await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var some in cursor.Current.Select(message => message["_id"]).Chunk(MostAtOnce))
            {
                yield return new BsonArray(some);
            }
        }
    }
}
