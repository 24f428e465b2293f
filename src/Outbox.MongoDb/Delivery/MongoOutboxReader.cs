using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.MongoDb.Delivery;

/// <summary>
/// Sweeps the outbox along its index (lane, entity, version, ordinal). The scan meets an entity's versions in ascending order, so whatever commits
/// while it runs, it cannot see a version and have missed a smaller one: a smaller version commits first and lies ahead of, not behind, the larger.
/// </summary>
internal sealed class MongoOutboxReader(OutboxCollections collections, IOptions<OutboxOptions> options, TimeProvider time) : IOutboxReader
{
    internal static readonly BsonDocument Order = new() { { "lane", 1 }, { "entityId", 1 }, { "version", 1 }, { "ordinal", 1 } };
    internal static readonly BsonDocument DueOrder = new() { { "lane", 1 }, { "notBefore", 1 } };
    private static readonly FilterDefinitionBuilder<OutboxMessage> Where = Builders<OutboxMessage>.Filter;

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<OutboxMessage>> SweepAsync(
        SweepRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = Where.In("lane", request.Lanes);
        if (request.HeldEntities.Count > 0)
        {
            filter &= Where.Nin("entityId", request.HeldEntities);
        }

        using var cursor = await collections.Outbox
            .FindAsync(filter, new FindOptions<OutboxMessage> { Sort = Order, BatchSize = request.PageSize }, cancellationToken).ConfigureAwait(false);
        while (await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return cursor.Current.ToList();
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<OutboxMessage>> ReadDueAsync(SweepRequest request, CancellationToken cancellationToken) => await collections.Outbox
        .Find(Where.In("lane", request.Lanes.Select(Lane.Delayed)) & Where.Lte("notBefore", request.ServerNow.UtcDateTime))
        .Sort(new BsonDocument("notBefore", 1))
        .Limit(request.PageSize)
        .ToListAsync(cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<IReadOnlyCollection<string>> ReadHeldEntitiesAsync(IReadOnlyCollection<int> lanes, CancellationToken cancellationToken)
    {
        var held = new BsonDocument { { "hold", true }, { "lane", new BsonDocument("$in", new BsonArray(lanes)) } };
        var parked = await collections.Parked.Find(held).Project(new BsonDocument("entityId", 1)).ToListAsync(cancellationToken).ConfigureAwait(false);
        return parked.Select(message => message["entityId"].AsString).ToHashSet(StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public async Task CompleteAsync(
        IReadOnlyCollection<OutboxMessage> published, IReadOnlyCollection<OutboxMessage> expired, CancellationToken cancellationToken)
    {
        if (options.Value.KeepSentFor is not null && published.Count > 0)
        {
            await KeepAsync(published, cancellationToken).ConfigureAwait(false);
        }

        var ids = published.Concat(expired).Select(message => message.MessageId);
        await collections.Outbox.DeleteManyAsync(Where.In("_id", ids), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task ParkAsync(IReadOnlyCollection<UnpublishableMessage> messages, CancellationToken cancellationToken)
    {
        // Parked first, deleted second: a crash in between leaves the message in both places, and the next relay parks it again under the same id.
        foreach (var parked in messages)
        {
            var document = parked.Message.ToBsonDocument();
            document["error"] = parked.Error;
            document["attempts"] = parked.Attempts;
            document["hold"] = parked.HoldsEntity;
            document["parkedAt"] = time.GetUtcNow().UtcDateTime;
            await collections.Parked.ReplaceOneAsync(
                new BsonDocument("_id", parked.Message.MessageId), document, new ReplaceOptions { IsUpsert = true }, cancellationToken).ConfigureAwait(false);
        }

        var ids = messages.Select(parked => parked.Message.MessageId);
        await collections.Outbox.DeleteManyAsync(Where.In("_id", ids), cancellationToken).ConfigureAwait(false);
    }

    private async Task KeepAsync(IReadOnlyCollection<OutboxMessage> published, CancellationToken cancellationToken)
    {
        var sentAt = time.GetUtcNow().UtcDateTime;
        var documents = published.Select(message => message.ToBsonDocument().Set("sentAt", sentAt));
        try
        {
            await collections.Sent.InsertManyAsync(documents, new InsertManyOptions { IsOrdered = false }, cancellationToken).ConfigureAwait(false);
        }
        catch (MongoBulkWriteException error) when (error.WriteErrors.All(write => write.Category == ServerErrorCategory.DuplicateKey))
        {
            // A relay that was killed between keeping and deleting kept some of them already.
        }
    }
}
