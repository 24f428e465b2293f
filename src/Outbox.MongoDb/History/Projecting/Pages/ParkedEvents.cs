using System.Text;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History.Projecting.Building;
using Outbox.History.Projecting.Health;
using Outbox.Inbox;
using Outbox.MongoDb.History.Projecting.Builds;
using Outbox.MongoDb.Inbox.Parking;

namespace Outbox.MongoDb.History.Projecting.Pages;

/// <summary>
/// Events of the history that cannot be projected, in <c>inbox.parked</c>: in the transaction of the page that goes on without them. They have no place on Kafka, which is told by their partition.
/// </summary>
internal sealed class ParkedEvents(OutboxCollections collections, ProjectionMetrics metrics, ILogger<ParkedEvents> logger)
{
    /// <summary>The partition of what came from no topic.</summary>
    public const int FromHistory = -1;

    private const int ErrorLimit = 32_000;

    private static readonly BsonDocument Waiting = new("$in", new BsonArray { ParkedDocument.ReasonName(ParkReason.Failed), ParkedDocument.ReasonName(ParkReason.Gap) });

    public async Task AddAsync(IClientSessionHandle session, PageTarget target, ProjectedEvent @event, ParkReason reason, string error, CancellationToken cancellationToken)
    {
        var kept = @event.Kept!;
        var message = new ParkedMessage
        {
            Endpoint = target.Build,
            Topic = target.Topic,
            Partition = FromHistory,
            Offset = kept.Version,
            Key = Encoding.UTF8.GetBytes(kept.EntityId),
            Value = kept.Payload is null ? null : Encoding.UTF8.GetBytes(kept.Payload),
            Headers = [.. kept.Headers.Select(header => KeyValuePair.Create<string, byte[]?>(header.Key, Encoding.UTF8.GetBytes(header.Value)))],
            Timestamp = kept.Timestamp,
            MessageId = kept.MessageId,
            EntityType = kept.EntityType,
            EntityId = kept.EntityId,
            Version = kept.Version,
            Type = kept.Type,
            Reason = reason,
            Error = error.Length > ErrorLimit ? error[..ErrorLimit] : error,
            Attempts = 1,
            InSequence = true,
        };
        var update = ParkedDocument.Update(message, new BsonDocument
        {
            { "attempts", Expressions.Op("$add", Expressions.Op("$ifNull", "$attempts", 0), 1) },
            { "offset", Expressions.Op("$ifNull", "$offset", message.Offset) },
            { "value", Expressions.Op("$ifNull", "$value", Expressions.Literal(message.Value is null ? BsonNull.Value : new BsonBinaryData(message.Value))) },
        });
        await collections.InboxParked.UpdateOneAsync(session, Of(target, kept.EntityId).Add("version", kept.Version), update, new UpdateOptions { IsUpsert = true }, cancellationToken).ConfigureAwait(false);
        metrics.Parked(target.Build);
        logger.EventParked(target.Build, kept.Type, kept.EntityId, kept.Version, error.Split('\n')[0]);
    }

    /// <summary>What was parked of an entity has been projected.</summary>
    public Task RemoveAsync(IClientSessionHandle session, PageTarget target, string entityId, long version, CancellationToken cancellationToken) =>
        collections.InboxParked.DeleteManyAsync(session, Of(target, entityId).Add("reason", Waiting).Add("version", new BsonDocument("$lte", version)), cancellationToken: cancellationToken);

    private static BsonDocument Of(PageTarget target, string entityId) => new()
    {
        { "endpoint", target.Build },
        { "topic", target.Topic },
        { "partition", FromHistory },
        { "entityType", target.Registration.EntityType },
        { "entityId", entityId },
    };
}
