using System.Collections.Concurrent;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox.Sequencing;

namespace Outbox.MongoDb.Inbox.Sequencing;

/// <summary>Sequences as version 0.1 kept them: by the entity's id alone. An entity takes over how far that one had come when it is met for the first time.</summary>
internal sealed class EarlierSequences(OutboxCollections collections, TimeProvider time)
{
    /// <summary>While a service is updated, instances of the earlier version may still add some.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Endpoint, string Topic), (bool Any, long At)> _known = new();

    /// <summary>Whether a topic has any; asked for outside of the transaction, and now and then only.</summary>
    public async Task<bool> HasAnyAsync(Sequence sequence, CancellationToken cancellationToken)
    {
        var place = (sequence.Endpoint, sequence.Topic);
        if (_known.TryGetValue(place, out var known) && (known.Any || time.GetElapsedTime(known.At) < LookAgain))
        {
            return known.Any;
        }

        // By the index of _id: documents compare by their fields' names too, and the earlier ones have entityId where the others have entityType.
        var range = new BsonDocument("_id", new BsonDocument { { "$gte", First(sequence, "entityId") }, { "$lt", First(sequence, "entityType") } });
        var any = await collections.InboxSequences.Find(range).Limit(1).AnyAsync(cancellationToken).ConfigureAwait(false);
        _known[place] = (any, time.GetTimestamp());
        return any;
    }

    /// <param name="session">The transaction.</param>
    /// <param name="sequence">A sequence that has no document of its own yet.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The document that it takes over; <see langword="null"/> if there is none.</returns>
    public async Task<BsonDocument?> TakeOverAsync(IClientSessionHandle session, Sequence sequence, CancellationToken cancellationToken)
    {
        if (sequence.EntityType.Length == 0)
        {
            return null;
        }

        var earlier = await collections.InboxSequences.Find(session, SequenceDocument.Id(sequence with { EntityType = "" })).FirstOrDefaultAsync(cancellationToken)
            .ConfigureAwait(false);
        if (earlier?.Contains("version") != true)
        {
            return null;
        }

        await collections.InboxSequences.UpdateOneAsync(
            session,
            SequenceDocument.Id(sequence),
            SequenceDocument.Meet().Set("version", SequenceDocument.Version(earlier)).Set("waits", true),
            new UpdateOptions { IsUpsert = true },
            cancellationToken).ConfigureAwait(false);
        return earlier;
    }

    private static BsonDocument First(Sequence sequence, string field) => new() { { "endpoint", sequence.Endpoint }, { "topic", sequence.Topic }, { field, "" } };
}
