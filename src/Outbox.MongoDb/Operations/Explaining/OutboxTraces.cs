using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Leases;
using Outbox.Messages;
using Outbox.MongoDb.Delivery.Reading;
using Outbox.Operations.Explaining;
using Outbox.Operations.Explaining.Facts;

namespace Outbox.MongoDb.Operations.Explaining;

/// <summary>Finds what there is of a message or an entity on the outbox's side, along indexes and a few of each.</summary>
internal sealed class OutboxTraces(OutboxCollections collections, IOptions<OutboxOptions> options)
{
    private const int Few = Explanation.MostMessages;

    /// <summary>The message itself, wherever it is.</summary>
    public async Task<(TracedMessage? Pending, TracedMessage? Parked, TracedMessage? Sent)> MessageAsync(string messageId, CancellationToken cancellationToken)
    {
        var id = new BsonDocument("_id", messageId);
        return (
            await OneAsync(collections.OutboxDocuments, id, TraceDocument.Pending, cancellationToken).ConfigureAwait(false),
            await OneAsync(collections.Parked, id, TraceDocument.Parked, cancellationToken).ConfigureAwait(false),
            await OneAsync(collections.Sent, id, TraceDocument.Sent, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>What is pending of an entity, in its order; delayed ones last.</summary>
    public async Task<IReadOnlyList<TracedMessage>> PendingAsync(Entity entity, CancellationToken cancellationToken)
    {
        var lane = Lane.Of(entity.Id, options.Value.Lanes);
        var pending = await SomeAsync(collections.OutboxDocuments, InLane(lane, entity), SweepFilter.Index, SweepFilter.Order, TraceDocument.Pending, cancellationToken).ConfigureAwait(false);
        var delayed = await SomeAsync(collections.OutboxDocuments, InLane(Lane.Delayed(lane), entity), SweepFilter.Index, SweepFilter.Order, TraceDocument.Pending, cancellationToken).ConfigureAwait(false);
        return [.. pending.Concat(delayed).Take(Few)];
    }

    /// <summary>Those between an entity's first message that is pending and one that was asked for.</summary>
    public Task<IReadOnlyList<TracedMessage>> BeforeAsync(TracedMessage message, int lane, CancellationToken cancellationToken) => SomeAsync(
        collections.OutboxDocuments,
        InLane(lane, message.Entity).Add("version", new BsonDocument("$lte", message.Version ?? long.MaxValue)),
        SweepFilter.Index,
        SweepFilter.Order,
        TraceDocument.Pending,
        cancellationToken);

    /// <summary>How many messages a relay reads before an entity's in its lane.</summary>
    public Task<long> CountBeforeAsync(Entity entity, int lane, CancellationToken cancellationToken) => collections.OutboxDocuments.CountDocumentsAsync(
        new BsonDocument { { "lane", lane }, { "entityId", new BsonDocument("$lt", entity.Id) } },
        new CountOptions { Limit = ExplainFacts.MostBefore, Hint = SweepFilter.Index },
        cancellationToken);

    public Task<IReadOnlyList<TracedMessage>> ParkedAsync(Entity entity, CancellationToken cancellationToken) =>
        SomeAsync(collections.Parked, Of(entity), TraceIndexes.ParkedOrder, TraceIndexes.ParkedOrder, TraceDocument.Parked, cancellationToken);

    /// <summary>The last one that was published, as far as that is kept.</summary>
    public Task<IReadOnlyList<TracedMessage>> SentAsync(Entity entity, CancellationToken cancellationToken) => SomeAsync(
        collections.Sent, Of(entity), TraceIndexes.SentOrder, new BsonDocument(TraceIndexes.SentOrder.Select(key => new BsonElement(key.Name, -1))), TraceDocument.Sent, cancellationToken, limit: 1);

    /// <summary>The versions that were counted last, where the entity's type is known.</summary>
    public async Task<IReadOnlyList<(string Topic, long Version)>> CountedAsync(Entity entity, CancellationToken cancellationToken)
    {
        var key = new BsonDocument { { "entityType", entity.Type }, { "entityId", entity.Id } };
        var all = new BsonDocument("_id", new BsonDocument { { "$gt", key }, { "$lt", new BsonDocument(key).Add("topic", BsonMaxKey.Value) } });
        var found = entity.Type.Length == 0 ? [] : await collections.EntityVersions.Find(all).Limit(Few).ToListAsync(cancellationToken).ConfigureAwait(false);
        return found.ConvertAll(counter => (counter["_id"]["topic"].AsString, counter["version"].ToInt64()));
    }

    /// <summary>An entity without a type is any that has the id.</summary>
    public static BsonDocument Of(Entity entity) => new() { { "entityId", entity.Id }, { "entityType", entity.Type, entity.Type.Length > 0 } };

    private static BsonDocument InLane(int lane, Entity entity) => new BsonDocument("lane", lane).AddRange(Of(entity));

    private static async Task<TracedMessage?> OneAsync(IMongoCollection<BsonDocument> from, BsonDocument id, Func<BsonDocument, TracedMessage> read, CancellationToken cancellationToken) =>
        await from.Find(id).Project(TraceDocument.WithoutContent).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false) is { } found ? read(found) : null;

    private static async Task<IReadOnlyList<TracedMessage>> SomeAsync(
        IMongoCollection<BsonDocument> from, BsonDocument filter, BsonDocument index, BsonDocument order, Func<BsonDocument, TracedMessage> read, CancellationToken cancellationToken, int limit = Few)
    {
        var found = await from.Find(filter, new FindOptions { Hint = index }).Sort(order).Limit(limit).Project(TraceDocument.WithoutContent).ToListAsync(cancellationToken).ConfigureAwait(false);
        return found.ConvertAll(document => read(document));
    }
}
