using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Messages;

namespace Outbox.MongoDb.Delivery.Reading;

/// <summary>
/// Which entities wait for a person. A relay keeps a limited number of them in mind and has the server leave those out; with more than that, each page is
/// checked against what is parked. So neither memory nor a query grows with the number of parked messages.
/// </summary>
internal sealed class HeldMessages(OutboxCollections collections)
{
    private readonly PassedMessages _passed = new(collections);

    /// <summary>How many entities a relay keeps in mind.</summary>
    public const int Most = 1_000;

    /// <summary>What the sweeps have parked since the entities were last read; sweeps and that reading take turns.</summary>
    private readonly HashSet<Entity> _since = [];

    /// <summary>Whether more entities wait than the server is told of.</summary>
    public bool ThereAreMore { get; private set; }

    /// <summary>Reads the entities of some lanes, or as many of them as the limit allows.</summary>
    public async Task<IReadOnlyCollection<Entity>> ReadAsync(IReadOnlyCollection<int> lanes, CancellationToken cancellationToken)
    {
        // In this order: what is restored after the first question is not parked yet for the second, and is looked for on each page.
        await _passed.LookAsync(cancellationToken).ConfigureAwait(false);
        var held = await FindAsync(new BsonDocument("lane", new BsonDocument("$in", new BsonArray(lanes))), Most, cancellationToken).ConfigureAwait(false);
        ThereAreMore = held.Count == Most;
        _since.Clear();
        return held.ToHashSet();
    }

    /// <summary>The entities that the server shall leave out.</summary>
    public IReadOnlyCollection<Entity> ForServer(IReadOnlyCollection<Entity> known)
    {
        var all = known.Union(_since).ToList();
        ThereAreMore |= all.Count > Most;
        return all.Count > Most ? all[..Most] : all;
    }

    /// <summary>Notes entities whose message was parked just now.</summary>
    public void Add(IEnumerable<Entity> entities) => _since.UnionWith(entities);

    /// <summary>The messages of a page whose entities do not wait.</summary>
    public async Task<IReadOnlyList<OutboxMessage>> LeaveOutAsync(IReadOnlyList<OutboxMessage> page, CancellationToken cancellationToken)
    {
        if (!(ThereAreMore || _passed.ThereMayBe) || page.Count == 0)
        {
            return page;
        }

        // In this order too: what is restored before it is noted is parked, and what is noted cannot be restored.
        await _passed.NoteAsync(page, cancellationToken).ConfigureAwait(false);

        var entities = new BsonDocument("entityId", new BsonDocument("$in", new BsonArray(page.Select(message => message.EntityId).Distinct())));
        var held = (await FindAsync(entities, limit: null, cancellationToken).ConfigureAwait(false)).ToHashSet();
        return held.Count == 0 ? page : page.Where(message => !held.Contains(message.Entity) && !held.Contains(new Entity("", message.EntityId))).ToList();
    }

    /// <summary>An entity whose type is not known, as its document has none, has the empty one.</summary>
    private async Task<IReadOnlyList<Entity>> FindAsync(BsonDocument filter, int? limit, CancellationToken cancellationToken)
    {
        var parked = await collections.Parked
            .Find(new BsonDocument { { "hold", true }, { "entityId", new BsonDocument("$type", "string") } } & (FilterDefinition<BsonDocument>)filter)
            .Project(new BsonDocument { { "_id", 0 }, { "entityId", 1 }, { "entityType", 1 } })
            .Limit(limit)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return parked.ConvertAll(message => new Entity((message.GetValue("entityType", null) as BsonString)?.Value ?? "", message["entityId"].AsString));
    }
}
