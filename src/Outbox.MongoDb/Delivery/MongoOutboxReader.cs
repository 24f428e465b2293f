using System.Runtime.CompilerServices;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Publishing;
using Outbox.Messages;
using Outbox.MongoDb.Delivery.Parking;
using Outbox.MongoDb.Documents;

namespace Outbox.MongoDb.Delivery;

/// <summary>
/// Sweeps the outbox along its index (lane, entity, version, ordinal). The scan meets an entity's versions in ascending order, so whatever commits
/// while it runs, it cannot see a version and have missed a smaller one: a smaller version commits first and lies ahead of, not behind, the larger.
/// </summary>
internal sealed class MongoOutboxReader(
    OutboxCollections collections, HeldMessages held, UnreadableMessages unreadable, ParkingTransaction parking, SentHistory history)
    : IOutboxReader
{
    internal static readonly BsonDocument Order = new() { { "lane", 1 }, { "entityId", 1 }, { "version", 1 }, { "ordinal", 1 } };
    internal static readonly BsonDocument DueOrder = new() { { "lane", 1 }, { "notBefore", 1 } };
    private static readonly FilterDefinitionBuilder<StoredMessage> Where = Builders<StoredMessage>.Filter;

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<OutboxMessage>> SweepAsync(
        SweepRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = Where.In("lane", request.Lanes);
        var leftOut = held.ForServer(request.HeldEntities);
        if (leftOut.Count > 0)
        {
            filter &= Where.Nin("entityId", leftOut);
        }

        await foreach (var page in ReadAsync(filter, Order, request.PageSize, cancellationToken).ConfigureAwait(false))
        {
            yield return await held.LeaveOutAsync(page, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<IReadOnlyList<OutboxMessage>> ReadDueAsync(SweepRequest request, CancellationToken cancellationToken) => ReadAsync(
        Where.In("lane", request.Lanes.Select(Lane.Delayed)) & Where.Lte("notBefore", request.ServerNow.UtcDateTime), DueOrder, request.PageSize, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyCollection<string>> ReadHeldEntitiesAsync(IReadOnlyCollection<int> lanes, CancellationToken cancellationToken) =>
        held.ReadAsync(lanes, cancellationToken);

    /// <inheritdoc/>
    public async Task CompleteAsync(
        IReadOnlyCollection<OutboxMessage> published, IReadOnlyCollection<OutboxMessage> expired, CancellationToken cancellationToken)
    {
        await history.KeepAsync(published, cancellationToken).ConfigureAwait(false);
        var ids = published.Concat(expired).Select(message => message.MessageId);
        await collections.Stored.DeleteManyAsync(Where.In("_id", ids), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task ParkAsync(IReadOnlyCollection<UnpublishableMessage> messages, CancellationToken cancellationToken) => parking.ParkAsync(
        messages.Select(parked => new ParkedNote(parked.Message.MessageId, parked.Error, parked.Attempts, parked.HoldsEntity)), cancellationToken);

    /// <summary>Along an index, whose order is the pages': nothing is sorted or counted on the server, however much there is.</summary>
    private async IAsyncEnumerable<IReadOnlyList<OutboxMessage>> ReadAsync(
        FilterDefinition<StoredMessage> filter, BsonDocument order, int pageSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sorter = new PageSorter(held, unreadable);
        using var cursor = await collections.Stored
            .FindAsync(filter, new FindOptions<StoredMessage> { Sort = order, BatchSize = pageSize }, cancellationToken).ConfigureAwait(false);
        while (await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return await sorter.SortAsync(cursor.Current, cancellationToken).ConfigureAwait(false);
        }
    }
}
