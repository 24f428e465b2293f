using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Messages;
using Outbox.MongoDb.Inbox.Sequencing;
using Outbox.Operations.Explaining;

namespace Outbox.MongoDb.Operations.Explaining;

/// <summary>Finds what there is of a message or an entity on the inbox's side, along indexes and a few of each.</summary>
internal sealed class InboxTraces(OutboxCollections collections)
{
    private const int Few = Explanation.MostMessages;
    private const int MostEndpoints = 100;

    public Task<IReadOnlyList<TracedMessage>> ParkedAsync(string messageId, CancellationToken cancellationToken) =>
        ParkedAsync(new BsonDocument("messageId", messageId), TraceIndexes.Message, TraceIndexes.Message, cancellationToken);

    public Task<IReadOnlyList<TracedMessage>> ParkedAsync(Entity entity, CancellationToken cancellationToken) =>
        ParkedAsync(OutboxTraces.Of(entity), TraceIndexes.InboxListed, TraceIndexes.InboxListed, cancellationToken);

    /// <summary>What each endpoint's inbox says of a message.</summary>
    public async Task<IReadOnlyList<TracedMessage>> ProcessedAsync(string messageId, CancellationToken cancellationToken)
    {
        var processed = new List<TracedMessage>();
        foreach (var endpoint in await EndpointsAsync(cancellationToken).ConfigureAwait(false))
        {
            // With the topic behind it or without.
            var id = new BsonDocument { { "endpoint", endpoint }, { "messageId", messageId } };
            var ids = new BsonDocument("_id", new BsonDocument { { "$gte", id }, { "$lt", new BsonDocument(id).Add("topic", BsonMaxKey.Value) } });
            var found = await collections.Inbox.Find(ids).Sort(TraceIndexes.Id).Limit(Few).ToListAsync(cancellationToken).ConfigureAwait(false);
            processed.AddRange(found.Select(TraceDocument.Processed));
        }

        return [.. processed.OrderByDescending(done => done.At)];
    }

    public async Task<IReadOnlyList<TracedSequence>> SequencesAsync(Entity entity, CancellationToken cancellationToken)
    {
        var filter = new BsonDocument("_id.entityId", entity.Id);
        var found = await collections.InboxSequences.Find(filter, new FindOptions { Hint = TraceIndexes.SequenceEntity }).Limit(Few).ToListAsync(cancellationToken).ConfigureAwait(false);
        var sequences = new List<TracedSequence>();
        foreach (var document in found)
        {
            if (SequenceDocument.Read(document) is var sequence && (entity.Type.Length == 0 || sequence.EntityType.Length == 0 || sequence.EntityType == entity.Type))
            {
                sequences.Add(await ReadAsync(document, cancellationToken).ConfigureAwait(false));
            }
        }

        return sequences;
    }

    private async Task<TracedSequence> ReadAsync(BsonDocument document, CancellationToken cancellationToken)
    {
        var sequence = SequenceDocument.Read(document);
        var waits = SequenceDocument.Waits(document);
        var first = !waits ? null : await collections.InboxParked.Find(SequenceDocument.Waiting(sequence), new FindOptions { Hint = TraceIndexes.Waiting })
            .Sort(TraceIndexes.Waiting).Project(TraceDocument.WithoutContent).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        var asked = SequenceDocument.Asked(document, sequence);
        return new TracedSequence(sequence, SequenceDocument.Version(document), waits)
        {
            FirstWaiting = first?.GetValue("version", null) is { IsNumeric: true } version ? version.ToInt64() : null,
            WaitsSince = first is null ? null : TraceDocument.Time(first, "parkedAt"),
            Deadline = first is null ? null : TraceDocument.Time(first, "deadline"),
            Asked = asked is null ? null : (asked.From, asked.To),
            Asks = asked?.Count ?? 0,
            AskedAt = asked?.At,
        };
    }

    private async Task<IReadOnlyList<TracedMessage>> ParkedAsync(BsonDocument filter, BsonDocument index, BsonDocument order, CancellationToken cancellationToken)
    {
        var found = await collections.InboxParked.Find(filter, new FindOptions { Hint = index }).Sort(order).Limit(Few).Project(TraceDocument.WithoutContent).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. found.Select(TraceDocument.InboxParked).OrderBy(parked => parked.Endpoint, StringComparer.Ordinal).ThenBy(parked => parked.Topic, StringComparer.Ordinal).ThenBy(parked => parked.Version)];
    }

    /// <summary>The endpoints that have records: the index of their ids begins with them, so that finding the next one is a step in it.</summary>
    private async Task<IReadOnlyList<string>> EndpointsAsync(CancellationToken cancellationToken)
    {
        var endpoints = new List<string>();
        var next = FilterDefinition<BsonDocument>.Empty;
        while (endpoints.Count < MostEndpoints
            && await collections.Inbox.Find(next, new FindOptions { Hint = TraceIndexes.Id }).Sort(TraceIndexes.Id).Project(TraceIndexes.Id).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false) is { } found)
        {
            endpoints.Add(found["_id"]["endpoint"].AsString);
            next = new BsonDocument("_id", new BsonDocument("$gt", new BsonDocument { { "endpoint", endpoints[^1] }, { "messageId", BsonMaxKey.Value } }));
        }

        return endpoints;
    }
}
