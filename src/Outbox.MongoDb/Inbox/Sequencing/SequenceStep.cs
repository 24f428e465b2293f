using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;

namespace Outbox.MongoDb.Inbox.Sequencing;

/// <summary>Takes a message's turn in the transaction that processes it.</summary>
internal sealed class SequenceStep(OutboxCollections collections)
{
    /// <returns><see cref="InboxOutcome.Processed"/> or <see cref="InboxOutcome.ProcessedAndAwaited"/> when it is the message's turn.</returns>
    public async Task<InboxOutcome> TakeAsync(IClientSessionHandle session, Sequence sequence, long version, CancellationToken cancellationToken)
    {
        var options = new FindOneAndUpdateOptions<BsonDocument, BsonDocument?> { IsUpsert = true, ReturnDocument = ReturnDocument.Before };
        var before = await collections.InboxSequences
            .FindOneAndUpdateAsync(session, SequenceDocument.Id(sequence), SequenceDocument.Step(version), options, cancellationToken).ConfigureAwait(false);
        return OutcomeOf(before, version) is InboxOutcome.Processed && SequenceDocument.Waits(before) ? InboxOutcome.ProcessedAndAwaited : OutcomeOf(before, version);
    }

    /// <summary>Looks whether the message's turn has come, and leaves it to another consumer to take it.</summary>
    public async Task<InboxOutcome> LookAsync(IClientSessionHandle session, Sequence sequence, long version, CancellationToken cancellationToken) =>
        OutcomeOf(await collections.InboxSequences.Find(session, SequenceDocument.Id(sequence)).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false), version);

    private static InboxOutcome OutcomeOf(BsonDocument? sequence, long version) => SequenceDocument.Version(sequence).CompareTo(version - 1) switch
    {
        0 => InboxOutcome.Processed,
        < 0 => InboxOutcome.Early,
        _ => InboxOutcome.Stale,
    };
}
