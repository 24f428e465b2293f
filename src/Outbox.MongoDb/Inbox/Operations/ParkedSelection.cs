using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox.Operations;
using Outbox.MongoDb.Inbox.Parking;
using Outbox.MongoDb.Operations.Failures;
using Outbox.Operations.Failures;

namespace Outbox.MongoDb.Inbox.Operations;

/// <summary>Finds the parked messages that a person means.</summary>
internal static class ParkedSelection
{
    /// <summary>Those that queue behind one that failed follow it by themselves.</summary>
    public static readonly BsonDocument IsNotHeld = new("reason", new BsonDocument("$ne", "held"));

    private const int MostAtOnce = 100;

    public static BsonDocument Of(ParkedInboxFilter filter)
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
            { "type", filter.Type, filter.Type is not null },
            { FailureFields.Group, filter.ErrorGroup == FailureGroup.Ungrouped ? BsonNull.Value : (BsonValue)filter.ErrorGroup, filter.ErrorGroup is not null },
            { "error", new BsonRegularExpression(Regex.Escape(filter.Error ?? "")), filter.Error is not null },
            { "parkedAt", parkedAt, parkedAt.ElementCount > 0 },
        };
    }

    /// <summary>Their ids, some at a time; what they hold is left on the server.</summary>
    public static async IAsyncEnumerable<BsonArray> InOrderAsync(
        IMongoCollection<BsonDocument> parked, BsonDocument filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var find = new FindOptions<BsonDocument> { Sort = FailureIndexes.InboxOrder, Hint = FailureIndexes.InboxOrder, Projection = new BsonDocument("_id", 1), BatchSize = 1_000 };
        using var cursor = await parked.FindAsync(filter, find, cancellationToken).ConfigureAwait(false);
        while (await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var some in cursor.Current.Select(message => message["_id"]).Chunk(MostAtOnce))
            {
                yield return new BsonArray(some);
            }
        }
    }
}
