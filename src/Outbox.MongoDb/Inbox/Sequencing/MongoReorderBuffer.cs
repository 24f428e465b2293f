using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.MongoDb.Inbox.Parking;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.Inbox.Sequencing;

/// <summary>The reorder buffer in <c>inbox.parked</c>, with the state of each sequence in <c>inbox.sequences</c>.</summary>
internal sealed class MongoReorderBuffer(
    OutboxCollections collections, ShortTransactions transactions, GapGiver gaps, WaitingRoom room, EarlierSequences earlier) : IReorderBuffer
{
    private const int SweepLimit = 500;
    private static readonly BsonDocument ByVersion = new("version", 1);

    /// <inheritdoc/>
    public Task<WaitOutcome> AddAsync(Sequence sequence, ParkedMessage message, CancellationToken cancellationToken) => transactions.RunAsync(
        async (session, token) =>
        {
            var before = await collections.InboxSequences.FindOneAndUpdateAsync(
                session,
                SequenceDocument.Id(sequence),
                SequenceDocument.Meet().Set("waits", true),
                new FindOneAndUpdateOptions<BsonDocument, BsonDocument?> { IsUpsert = true, ReturnDocument = ReturnDocument.Before },
                token).ConfigureAwait(false);
            before ??= await earlier.TakeOverAsync(session, sequence, token).ConfigureAwait(false);
            if (SequenceDocument.Version(before) >= message.Version - 1)
            {
                return WaitOutcome.Ready;
            }

            if (await room.IsFullAsync(session, sequence, message, token).ConfigureAwait(false))
            {
                return WaitOutcome.Full;
            }

            await room.EnterAsync(session, message, token).ConfigureAwait(false);
            return WaitOutcome.Waiting;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<ParkedMessage?> NextAsync(Sequence sequence, CancellationToken cancellationToken)
    {
        var state = await collections.InboxSequences.Find(SequenceDocument.Id(sequence)).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (!SequenceDocument.Waits(state))
        {
            return null;
        }

        var version = SequenceDocument.Version(state);
        var due = SequenceDocument.Waiting(sequence).Add("version", new BsonDocument("$lte", version + 1));
        var next = await collections.InboxParked.Find(due).Sort(ByVersion).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (next is not null)
        {
            return ParkedDocument.Read(next);
        }

        await RestAsync(sequence, version, cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <inheritdoc/>
    public Task RemoveAsync(ParkedMessage message, CancellationToken cancellationToken) =>
        collections.InboxParked.DeleteOneAsync(ParkedDocument.Identity(message), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Sequence>> ReadyAsync(string endpoint, string topic, CancellationToken cancellationToken)
    {
        var ready = new BsonDocument { { "_id.endpoint", endpoint }, { "_id.topic", topic }, { "ready", true } };
        var found = await collections.InboxSequences.Find(ready).Limit(SweepLimit).ToListAsync(cancellationToken).ConfigureAwait(false);
        return found.ConvertAll(SequenceDocument.Read);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ParkedMessage>> RetriesAsync(string endpoint, string topic, CancellationToken cancellationToken)
    {
        var now = new BsonArray { new BsonDocument("retryAt", BsonNull.Value), new BsonDocument("retryAt", new BsonDocument("$lte", gaps.Now.UtcDateTime)) };
        var asked = new BsonDocument { { "endpoint", endpoint }, { "topic", topic }, { "retry", true }, { "$or", now } };
        var found = await collections.InboxParked.Find(asked).Sort(ByVersion).Limit(SweepLimit).ToListAsync(cancellationToken).ConfigureAwait(false);
        return found.ConvertAll(ParkedDocument.Read);
    }

    /// <inheritdoc/>
    public Task<long?> GiveUpAsync(Sequence sequence, GapPolicy policy, long? version, CancellationToken cancellationToken) =>
        gaps.GiveUpAsync(sequence, policy, version, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<OverdueGap>> ExpireAsync(string endpoint, string topic, CancellationToken cancellationToken) =>
        gaps.ExpireAsync(endpoint, topic, cancellationToken);

    /// <summary>Nothing is due. If nothing waits either, the sequence is as if nothing ever had; a message that begins to wait meets this transaction.</summary>
    private Task<bool> RestAsync(Sequence sequence, long version, CancellationToken cancellationToken) => transactions.RunAsync(
        async (session, token) =>
        {
            var waiting = await collections.InboxParked.Find(session, SequenceDocument.Waiting(sequence)).Limit(1).AnyAsync(token).ConfigureAwait(false);
            var rest = waiting ? Builders<BsonDocument>.Update.Set("ready", false) : Builders<BsonDocument>.Update.Set("ready", false).Set("waits", false);
            await collections.InboxSequences
                .UpdateOneAsync(session, SequenceDocument.Id(sequence).Add("version", version), rest, cancellationToken: token).ConfigureAwait(false);
            return waiting;
        },
        cancellationToken);
}
