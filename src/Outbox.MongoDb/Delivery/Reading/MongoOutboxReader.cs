using System.Runtime.CompilerServices;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using Outbox.Delivery;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Publishing;
using Outbox.Messages;
using Outbox.MongoDb.Delivery.Parking;
using Outbox.MongoDb.Documents;

namespace Outbox.MongoDb.Delivery.Reading;

/// <summary>
/// Sweeps the outbox along its index (lane, entity, version, ordinal). The scan meets an entity's versions in ascending order, so whatever commits
/// while it runs, it cannot see a version and have missed a smaller one: a smaller version commits first and lies ahead of, not behind, the larger.
/// </summary>
internal sealed class MongoOutboxReader(
    OutboxCollections collections, HeldMessages held, UnreadableMessages unreadable, ParkingTransaction parking, SentHistory history)
    : IOutboxReader
{
    private static readonly FilterDefinitionBuilder<StoredMessage> Where = Builders<StoredMessage>.Filter;

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<OutboxMessage>> SweepAsync(
        SweepRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = SweepFilter.Of(request.Lanes, [.. held.ForServer(request.HeldEntities), .. request.WaitingEntities], request.ClosedPlaces);
        var find = new FindOptions<StoredMessage> { Sort = SweepFilter.Order, BatchSize = request.PageSize, Hint = SweepFilter.Index };
        using var session = await ShardedSessionAsync(cancellationToken).ConfigureAwait(false);
        var earlier = new EarlierMessages(collections, session);
        var sorter = new PageSorter(held, unreadable) { MayPark = request.ClosedPlaces.Count == 0 };
        await foreach (var page in ReadAsync(session, sorter, filter, find, cancellationToken).ConfigureAwait(false))
        {
            var free = await held.LeaveOutAsync(page, cancellationToken).ConfigureAwait(false);
            yield return session is not null || held.ThereAreMore || request.ClosedPlaces.Count > 0
                ? await earlier.LeaveOutAsync(free, cancellationToken).ConfigureAwait(false)
                : free;
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<IReadOnlyList<OutboxMessage>> ReadDueAsync(SweepRequest request, CancellationToken cancellationToken) => ReadAsync(
        session: null,
        new PageSorter(held, unreadable),
        SweepFilter.Of(request.Lanes.Select(Lane.Delayed), request.WaitingEntities, request.ClosedPlaces) & Where.Lte("notBefore", request.ServerNow.UtcDateTime),
        new FindOptions<StoredMessage> { Sort = SweepFilter.DueIndex, BatchSize = request.PageSize },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyCollection<Entity>> ReadHeldEntitiesAsync(IReadOnlyCollection<int> lanes, CancellationToken cancellationToken) =>
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
        messages.Select(parked => new ParkedNote(parked.Message.MessageId, parked.Error, parked.Attempts, parked.HoldsEntity) { Signature = parked.Signature }), cancellationToken);

    /// <summary>
    /// On a sharded cluster a transaction of several shards becomes visible on one of them before the other. Reads of a causally consistent session wait for it, each but the first:
    /// what a page shows has been waited for when its earlier messages are looked for.
    /// </summary>
    private async Task<IClientSessionHandle?> ShardedSessionAsync(CancellationToken cancellationToken) => collections.Database.Client.Cluster.Description.Type == ClusterType.ReplicaSet
        ? null
        : await collections.Database.Client.StartSessionAsync(new ClientSessionOptions { CausalConsistency = true }, cancellationToken).ConfigureAwait(false);

    /// <summary>Along an index, whose order is the pages': nothing is sorted or counted on the server, however much there is.</summary>
    private async IAsyncEnumerable<IReadOnlyList<OutboxMessage>> ReadAsync(
        IClientSessionHandle? session, PageSorter sorter, FilterDefinition<StoredMessage> filter, FindOptions<StoredMessage> find,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var cursor = session is null
            ? await collections.Stored.FindAsync(filter, find, cancellationToken).ConfigureAwait(false)
            : await collections.Stored.FindAsync(session, filter, find, cancellationToken).ConfigureAwait(false);
        while (await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return await sorter.SortAsync(cursor.Current, cancellationToken).ConfigureAwait(false);
        }
    }
}
