using System.Runtime.CompilerServices;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.MongoDb.Delivery;

/// <summary>
/// Sweeps the outbox along its index (lane, entity, version, ordinal). The scan meets an entity's versions in ascending order, so whatever commits
/// while it runs, it cannot see a version and have missed a smaller one: a smaller version commits first and lies ahead of, not behind, the larger.
/// </summary>
internal sealed class MongoOutboxReader(OutboxCollections collections, TimeProvider time) : IOutboxReader
{
    internal static readonly BsonDocument Order = new() { { "lane", 1 }, { "entityId", 1 }, { "version", 1 }, { "ordinal", 1 } };

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<OutboxMessage>> SweepAsync(
        IReadOnlyCollection<int> lanes, int pageSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var options = new FindOptions<OutboxMessage> { Sort = Order, BatchSize = pageSize };
        using var cursor = await collections.Outbox
            .FindAsync(Builders<OutboxMessage>.Filter.In("lane", lanes), options, cancellationToken).ConfigureAwait(false);
        while (await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return cursor.Current.ToList();
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(IReadOnlyCollection<string> messageIds, CancellationToken cancellationToken) =>
        collections.Outbox.DeleteManyAsync(Builders<OutboxMessage>.Filter.In("_id", messageIds), cancellationToken);

    /// <inheritdoc/>
    public async Task ParkAsync(IReadOnlyCollection<UnpublishableMessage> messages, CancellationToken cancellationToken)
    {
        // Parked first, deleted second: a crash in between leaves the message in both places, and the next relay parks it again under the same id.
        foreach (var parked in messages)
        {
            var document = parked.Message.ToBsonDocument();
            document["error"] = parked.Error;
            document["attempts"] = parked.Attempts;
            document["parkedAt"] = time.GetUtcNow().UtcDateTime;
            await collections.Parked.ReplaceOneAsync(
                Builders<BsonDocument>.Filter.Eq("_id", parked.Message.MessageId), document, new ReplaceOptions { IsUpsert = true }, cancellationToken)
                .ConfigureAwait(false);
        }

        await DeleteAsync(messages.Select(parked => parked.Message.MessageId).ToList(), cancellationToken).ConfigureAwait(false);
    }
}
