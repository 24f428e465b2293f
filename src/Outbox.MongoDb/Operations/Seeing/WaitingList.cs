using System.Runtime.CompilerServices;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.MongoDb.Inbox.Sequencing;
using Outbox.MongoDb.Operations.Explaining;
using Outbox.MongoDb.Statistics;
using Outbox.Operations;
using Outbox.Operations.Errors;
using Outbox.Operations.Seeing;

namespace Outbox.MongoDb.Operations.Seeing;

/// <summary>
/// Lists the sequences that wait. It goes along the deadlines of the messages that wait; a sequence comes where the first of its own does, so that it comes once, on whatever page.
/// </summary>
internal sealed class WaitingList(OutboxCollections collections, ParkedMessages parked)
{
    /// <summary>Many messages of few entities may wait: so many are looked through for one page, which then has less on it.</summary>
    private const int MostPassed = 10_000;

    private const int Chunk = 500;

    private static readonly BsonDocument ByDeadline = new() { { "deadline", 1 }, { "_id", 1 } };
    private static readonly BsonDocument Named = new() { { "endpoint", 1 }, { "topic", 1 }, { "entityType", 1 }, { "entityId", 1 }, { "deadline", 1 } };

    public async Task<Page<WaitingSequence>> ReadAsync(string? endpoint, string? cursor, int size, CancellationToken cancellationToken)
    {
        PageCursor.CheckSize(size);
        var list = TextSignature.Hash($"waiting {collections.InboxParked.CollectionNamespace.CollectionName} {endpoint}");
        var place = cursor is null ? null : WaitingPlace.Read(cursor, list);
        var endpoints = endpoint is null ? await parked.EndpointsAsync(limit: null, cancellationToken).ConfigureAwait(false) : [endpoint];
        var (found, looked, passed) = (new List<WaitingSequence>(), new HashSet<Sequence>(), 0);
        await foreach (var message in MessagesAsync(endpoints, place, cancellationToken).ConfigureAwait(false))
        {
            var next = looked.Add(SequenceDocument.OfParked(message)) ? await FirstAsync(message, cancellationToken).ConfigureAwait(false) : null;
            if (place is not null && (++passed > MostPassed || (next is not null && found.Count == size)))
            {
                return new Page<WaitingSequence>(found, place.Write(list));
            }

            place = WaitingPlace.Of(message);
            found.AddRange(next is null ? [] : [next]);
        }

        return new Page<WaitingSequence>(found, null);
    }

    /// <summary>The messages that wait, behind a place.</summary>
    private async IAsyncEnumerable<BsonDocument> MessagesAsync(IReadOnlyList<string> endpoints, WaitingPlace? place, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var endpoint in endpoints.Order(StringComparer.Ordinal).Where(one => place is null || string.CompareOrdinal(one, place.Endpoint) >= 0))
        {
            var from = place?.Endpoint == endpoint ? place : WaitingPlace.First(endpoint);
            var chunk = await ChunkAsync(from, cancellationToken).ConfigureAwait(false);
            while (chunk.Count > 0)
            {
                foreach (var message in chunk)
                {
                    yield return message;
                }

                chunk = chunk.Count < Chunk ? [] : await ChunkAsync(WaitingPlace.Of(chunk[^1]), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<IReadOnlyList<BsonDocument>> ChunkAsync(WaitingPlace from, CancellationToken cancellationToken) =>
        await collections.InboxParked.Find(from.Behind, new FindOptions { Hint = SeeingIndexes.Waiting }).Sort(ByDeadline).Project(Named).Limit(Chunk).ToListAsync(cancellationToken).ConfigureAwait(false);

    /// <returns>The sequence of a message, if that is the first of it by its deadline.</returns>
    private async Task<WaitingSequence?> FirstAsync(BsonDocument message, CancellationToken cancellationToken)
    {
        var sequence = SequenceDocument.OfParked(message);

        // As it is stored, so that one of an earlier version, without a type, is in one sequence alone.
        var own = new BsonDocument
        {
            { "endpoint", sequence.Endpoint }, { "topic", sequence.Topic }, { "reason", "gap" }, { "entityId", sequence.EntityId }, { "entityType", message.GetValue("entityType", BsonNull.Value) },
        };
        var place = new BsonDocument { { "deadline", "$deadline" }, { "id", "$_id" } };
        BsonDocument[] summed =
        [
            new("$match", own),
            new("$group", new BsonDocument
            {
                { "_id", BsonNull.Value }, { "first", new BsonDocument("$min", "$version") }, { "since", new BsonDocument("$min", "$parkedAt") }, { "place", new BsonDocument("$min", place) },
            }),
        ];
        var sum = await collections.InboxParked.Aggregate<BsonDocument>(summed, new AggregateOptions { Hint = TraceIndexes.Waiting }, cancellationToken).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (sum is null || sum["place"]["id"] != message["_id"])
        {
            return null;
        }

        var state = await collections.InboxSequences.Find(SequenceDocument.Id(sequence)).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        var asked = SequenceDocument.Asked(state, sequence);
        return new WaitingSequence(sequence, SequenceDocument.Version(state), sum["first"].ToInt64(), TraceDocument.Time(sum, "since") ?? default)
        {
            Deadline = TraceDocument.Time(message, "deadline"),
            Asks = asked?.Count ?? 0,
            AskedAt = asked?.At,
        };
    }
}
