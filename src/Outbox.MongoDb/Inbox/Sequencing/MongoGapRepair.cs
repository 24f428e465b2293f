using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.Inbox.Sequencing;

/// <summary>
/// Marks in <c>inbox.sequences</c> what the owner is asked for, in the transaction that has the command in it. <c>askAt</c> of a waiting message says when its sequence is looked at again, so that a
/// sweep finds only those whose time has come.
/// </summary>
internal sealed class MongoGapRepair(OutboxCollections collections, ShortTransactions transactions, AskCommands commands, TopicSequenceOptions options, TimeProvider time) : IGapRepair
{
    /// <summary>Thousands of entities may miss a version at the same moment; the owner is not to be asked for all of them at once.</summary>
    private const int MostAtOnce = 20;
    private const int SweepLimit = 500;

    private static readonly BsonDocument ByVersion = new("version", 1);
    private static readonly BsonDocument Names = new() { { "_id", 0 }, { "endpoint", 1 }, { "topic", 1 }, { "entityId", 1 }, { "entityType", 1 } };

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AskedGap>> AskAsync(string endpoint, string topic, CancellationToken cancellationToken)
    {
        var settings = options.Of(topic);
        if (settings.AskOwner is not { } age)
        {
            return [];
        }

        var now = time.GetUtcNow();
        var due = new BsonDocument
        {
            { "endpoint", endpoint },
            { "topic", topic },
            { "reason", "gap" },
            { "parkedAt", new BsonDocument("$lte", (now - age).UtcDateTime) },
            { "$or", new BsonArray { new BsonDocument("askAt", BsonNull.Value), new BsonDocument("askAt", new BsonDocument("$lte", now.UtcDateTime)) } },
        };
        var found = await collections.InboxParked.Find(due).Project(Names).Limit(SweepLimit).ToListAsync(cancellationToken).ConfigureAwait(false);
        var asked = new List<AskedGap>();
        foreach (var sequence in found.Select(SequenceDocument.OfParked).Distinct().Take(MostAtOnce))
        {
            if (await transactions.RunAsync((session, token) => LookAsync(session, sequence, settings, token), cancellationToken).ConfigureAwait(false) is { } gap)
            {
                asked.Add(gap);
            }
        }

        commands.Captured(asked.Count);
        return asked;
    }

    /// <inheritdoc/>
    public Task<bool> StepOverAsync(Sequence sequence, long from, long to, CancellationToken cancellationToken) => transactions.RunAsync(
        async (session, token) =>
        {
            var state = await FindAsync(session, sequence, token).ConfigureAwait(false);
            var last = SequenceDocument.Version(state);
            if (SequenceDocument.Asked(state, sequence) is not { } asked || from < asked.From || to > asked.To || last < from - 1 || last >= to)
            {
                return false;
            }

            var step = SequenceDocument.Meet().Set("version", to).Set("ready", true).Set("waits", true);
            await collections.InboxSequences.UpdateOneAsync(session, SequenceDocument.Id(sequence), step, cancellationToken: token).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <summary>What the sequence is at now: what came in the meantime has changed its document, or is met there.</summary>
    private async Task<AskedGap?> LookAsync(IClientSessionHandle session, Sequence sequence, SequenceOptions settings, CancellationToken cancellationToken)
    {
        var state = await FindAsync(session, sequence, cancellationToken).ConfigureAwait(false);
        var last = SequenceDocument.Version(state);
        var waiting = SequenceDocument.Waiting(sequence).Add("version", new BsonDocument("$gt", last));
        var first = await collections.InboxParked.Find(session, waiting).Sort(ByVersion).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        var failed = SequenceDocument.Parked(sequence, "failed").Add("version", last + 1);
        var isHere = first is null || await collections.InboxParked.Find(session, failed).AnyAsync(cancellationToken).ConfigureAwait(false);
        var gap = new AskedGap(sequence, last + 1, isHere ? last : first!["version"].ToInt64() - 1, 0);
        var (ask, lookAgain) = AskRule.Decide(gap, SequenceDocument.Asked(state, sequence), time.GetUtcNow(), settings);
        await collections.InboxParked.UpdateManyAsync(
            session, SequenceDocument.Waiting(sequence), Builders<BsonDocument>.Update.Set("askAt", lookAgain.UtcDateTime), cancellationToken: cancellationToken).ConfigureAwait(false);
        if (ask is not null)
        {
            await collections.InboxSequences.UpdateOneAsync(session, SequenceDocument.Id(sequence), SequenceDocument.Ask(ask), cancellationToken: cancellationToken).ConfigureAwait(false);
            await commands.CaptureAsync(session, ask, cancellationToken).ConfigureAwait(false);
        }

        return ask;
    }

    private async Task<BsonDocument?> FindAsync(IClientSessionHandle session, Sequence sequence, CancellationToken cancellationToken) =>
        await collections.InboxSequences.Find(session, SequenceDocument.Id(sequence)).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
}
