using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;

namespace Outbox.MongoDb.Inbox.Sequencing;

/// <summary>Takes a message's turn in the transaction that processes it.</summary>
internal sealed class SequenceStep(OutboxCollections collections, EarlierSequences earlier)
{
    /// <returns><see cref="InboxOutcome.Processed"/> or <see cref="InboxOutcome.ProcessedAndAwaited"/> when it is the message's turn.</returns>
    public async Task<InboxOutcome> TakeAsync(IClientSessionHandle session, Sequence sequence, long version, CancellationToken cancellationToken)
    {
        var before = await StepAsync(session, sequence, version, cancellationToken).ConfigureAwait(false);
        if (before is null && await TakeOverAsync(session, sequence, version, cancellationToken).ConfigureAwait(false))
        {
            before = await StepAsync(session, sequence, version, cancellationToken).ConfigureAwait(false);
        }

        return OutcomeOf(before, version) is InboxOutcome.Processed && SequenceDocument.Waits(before) ? InboxOutcome.ProcessedAndAwaited : OutcomeOf(before, version);
    }

    /// <summary>Looks whether the message's turn has come, and leaves it to another consumer to take it.</summary>
    public async Task<InboxOutcome> LookAsync(IClientSessionHandle session, Sequence sequence, long version, CancellationToken cancellationToken)
    {
        var now = await FindAsync(session, sequence, cancellationToken).ConfigureAwait(false);
        if (now is null && await TakeOverAsync(session, sequence, version, cancellationToken).ConfigureAwait(false))
        {
            now = await FindAsync(session, sequence, cancellationToken).ConfigureAwait(false);
        }

        return OutcomeOf(now, version);
    }

    private static InboxOutcome OutcomeOf(BsonDocument? sequence, long version) => SequenceDocument.Version(sequence).CompareTo(version - 1) switch
    {
        0 => InboxOutcome.Processed,
        < 0 => InboxOutcome.Early,
        _ => InboxOutcome.Stale,
    };

    /// <summary>A first version has nothing before it, where there are no earlier sequences at all.</summary>
    private async Task<bool> TakeOverAsync(IClientSessionHandle session, Sequence sequence, long version, CancellationToken cancellationToken) =>
        (version > 1 || await earlier.HasAnyAsync(sequence, cancellationToken).ConfigureAwait(false))
        && await earlier.TakeOverAsync(session, sequence, cancellationToken).ConfigureAwait(false) is not null;

    private async Task<BsonDocument?> FindAsync(IClientSessionHandle session, Sequence sequence, CancellationToken cancellationToken) =>
        await collections.InboxSequences.Find(session, SequenceDocument.Id(sequence)).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);

    private async Task<BsonDocument?> StepAsync(IClientSessionHandle session, Sequence sequence, long version, CancellationToken cancellationToken)
    {
        var options = new FindOneAndUpdateOptions<BsonDocument, BsonDocument?> { IsUpsert = true, ReturnDocument = ReturnDocument.Before };
        return await collections.InboxSequences
            .FindOneAndUpdateAsync(session, SequenceDocument.Id(sequence), SequenceDocument.Step(version), options, cancellationToken).ConfigureAwait(false);
    }
}
