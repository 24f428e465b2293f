using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Messages;

namespace Outbox.MongoDb.Delivery.Reading;

/// <summary>
/// Leaves out of a page what has an earlier message of its entity in the outbox that the sweep did not meet: one of a topic that was left out, one that was parked when the page was
/// read and is back since, or, on a sharded cluster, one whose transaction was about to become visible. One sweep uses it, page after page.
/// </summary>
internal sealed class EarlierMessages(OutboxCollections collections, IClientSessionHandle? session)
{
    /// <summary>All of them are fields of the index, so no document is read.</summary>
    private static readonly BsonDocument Keys = new() { { "_id", 0 }, { "entityId", 1 }, { "entityType", 1 }, { "version", 1 }, { "ordinal", 1 } };

    /// <summary>The last message so far: those of its entity up to it are being published, and are in the outbox still.</summary>
    private OutboxMessage? _last;

    public async Task<IReadOnlyList<OutboxMessage>> LeaveOutAsync(IReadOnlyList<OutboxMessage> page, CancellationToken cancellationToken)
    {
        if (page.Count == 0)
        {
            return page;
        }

        var entities = page.GroupBy(message => message.Entity).Select(entity => new PageEntity(entity.Key, [.. entity], entity.Key == _last?.Entity ? _last : null)).ToList();
        var open = entities;
        while (open.Count > 0)
        {
            await DecideAsync(open, page.Count, cancellationToken).ConfigureAwait(false);
            var left = open.FindAll(entity => !entity.IsDecided);
            if (left.Count == open.Count)
            {
                // As if it cannot be told; the next sweep asks again.
                left.ForEach(entity => entity.LeaveOut());
            }

            open = left;
        }

        var free = entities.TrueForAll(entity => entity.IsWhole) ? page : page.Where(Free(entities)).ToList();
        _last = free.Count > 0 && ReferenceEquals(free[^1], page[^1]) ? page[^1] : null;
        return free;
    }

    private static Func<OutboxMessage, bool> Free(List<PageEntity> entities)
    {
        var byEntity = entities.ToDictionary(entity => entity.Entity);
        return message => byEntity[message.Entity].IsFree(message);
    }

    /// <summary>
    /// Looks for what is in the outbox of these entities, in one reply of the server, and decides about those that it reaches. An entity with more messages than a reply holds is decided
    /// about by them, so each round gets further.
    /// </summary>
    private async Task DecideAsync(List<PageEntity> open, int pageSize, CancellationToken cancellationToken)
    {
        var limit = (2 * pageSize) + 1;
        var found = await FindAsync(open, limit, cancellationToken).ConfigureAwait(false);
        var byEntity = found.ToLookup(EntityOf);
        var reached = found.Count < limit ? null : (Entity?)EntityOf(found[^1]);
        foreach (var entity in open)
        {
            entity.Compare(byEntity[entity.Entity], isComplete: entity.Entity != reached);
            if (entity.Entity == reached)
            {
                break;
            }
        }
    }

    private async Task<List<BsonDocument>> FindAsync(List<PageEntity> open, int limit, CancellationToken cancellationToken)
    {
        var branches = open.Where(entity => entity.Before is null).GroupBy(entity => entity.Entity.Type, StringComparer.Ordinal).Select(same => new BsonDocument
        {
            { "entityId", new BsonDocument("$in", new BsonArray(same.Select(entity => entity.Entity.Id))) },
            { "entityType", same.Key },
        }).Concat(open.Where(entity => entity.Before is not null).Select(entity => new BsonDocument
        {
            { "entityId", entity.Entity.Id },
            { "entityType", entity.Entity.Type },
            { "version", new BsonDocument("$gte", entity.Before!.Version) },
        }));
        var filter = new BsonDocument
        {
            { "lane", new BsonDocument("$in", new BsonArray(open.Select(entity => entity.Lane).Distinct())) },
            { "$or", new BsonArray(branches) },
        };
        var find = new FindOptions<BsonDocument> { Sort = SweepFilter.Order, Hint = SweepFilter.Index, Projection = Keys, Limit = limit, BatchSize = limit };
        using var cursor = session is null
            ? await collections.OutboxDocuments.FindAsync(filter, find, cancellationToken).ConfigureAwait(false)
            : await collections.OutboxDocuments.FindAsync(session, filter, find, cancellationToken).ConfigureAwait(false);
        return await cursor.ToListAsync(cancellationToken).ConfigureAwait(false);
    }

    private static Entity EntityOf(BsonDocument key) => new(key["entityType"].AsString, key["entityId"].AsString);
}
