using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Operations;
using Outbox.MongoDb.Operations.Failures;
using Outbox.Operations.Failures;

namespace Outbox.MongoDb.Delivery.Parking;

/// <summary>Finds the parked messages that a person means.</summary>
internal static class ParkedSelection
{
    /// <summary>So few that a transaction of the largest messages stays far from its time limit.</summary>
    public const int MostAtOnce = 20;

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
            { "type", filter.Type, filter.Type is not null },
            { FailureFields.Group, filter.ErrorGroup == FailureGroup.Ungrouped ? BsonNull.Value : (BsonValue)filter.ErrorGroup, filter.ErrorGroup is not null },
            { "error", new BsonRegularExpression(Regex.Escape(filter.Error ?? "")), filter.Error is not null },
            { "parkedAt", parkedAt, parkedAt.ElementCount > 0 },
        };
    }

    /// <summary>Their ids, some at a time; what they hold is left on the server.</summary>
    public static async IAsyncEnumerable<BsonArray> InOrderAsync(
        IMongoCollection<BsonDocument> parked, ParkedFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var find = new FindOptions<BsonDocument> { Sort = FailureIndexes.OutboxOrder, Hint = FailureIndexes.OutboxOrder, Projection = new BsonDocument("_id", 1), BatchSize = 1_000 };
        using var cursor = await parked.FindAsync(Of(filter), find, cancellationToken).ConfigureAwait(false);
        while (await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var some in cursor.Current.Select(message => message["_id"]).Chunk(MostAtOnce))
            {
                yield return new BsonArray(some);
            }
        }
    }
}
