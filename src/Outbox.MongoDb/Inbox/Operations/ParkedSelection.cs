using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox.Operations;
using Outbox.MongoDb.Inbox.Parking;

namespace Outbox.MongoDb.Inbox.Operations;

/// <summary>Finds the parked messages that a person means.</summary>
internal static class ParkedSelection
{
    private static readonly BsonDocument Order = new() { { "endpoint", 1 }, { "topic", 1 }, { "entityId", 1 }, { "version", 1 }, { "partition", 1 }, { "offset", 1 } };

    public static FilterDefinition<BsonDocument> Of(ParkedInboxFilter filter)
    {
        var parkedAt = new BsonDocument
        {
            { "$gte", filter.ParkedFrom?.UtcDateTime ?? default, filter.ParkedFrom is not null },
            { "$lt", filter.ParkedBefore?.UtcDateTime ?? default, filter.ParkedBefore is not null },
        };
        return new BsonDocument
        {
            { "endpoint", filter.Endpoint, filter.Endpoint is not null },
            { "reason", filter.Reason is { } reason ? ParkedDocument.ReasonName(reason) : "", filter.Reason is not null },
            { "topic", filter.Topic, filter.Topic is not null },
            { "entityType", filter.EntityType, filter.EntityType is not null },
            { "entityId", filter.EntityId, filter.EntityId is not null },
            { "error", new BsonRegularExpression(Regex.Escape(filter.Error ?? "")), filter.Error is not null },
            { "parkedAt", parkedAt, parkedAt.ElementCount > 0 },
        };
    }

    /// <summary>Their ids, some at a time; what they hold is left on the server.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<BsonValue>> InOrderAsync(
        IMongoCollection<BsonDocument> parked, ParkedInboxFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var cursor = await parked.Aggregate(new AggregateOptions { AllowDiskUse = true, BatchSize = 1_000 }).Match(Of(filter))
            .Project(new BsonDocument(Order.Names.Select(name => new BsonElement(name, 1)))).Sort(Order).ToCursorAsync(cancellationToken).ConfigureAwait(false);
        while (await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return [.. cursor.Current.Select(message => message["_id"])];
        }
    }
}
