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
        // A first version has nothing before it, where there are no earlier sequences at all.
        if (before is null && (version > 1 || await earlier.HasAnyAsync(sequence, cancellationToken).ConfigureAwait(false))
            && await earlier.TakeOverAsync(session, sequence, cancellationToken).ConfigureAwait(false) is not null)
        {
            before = await StepAsync(session, sequence, version, cancellationToken).ConfigureAwait(false);
        }

        var last = SequenceDocument.Version(before);
        if (last == version - 1)
        {
            return SequenceDocument.Waits(before) ? InboxOutcome.ProcessedAndAwaited : InboxOutcome.Processed;
        }

        return last < version ? InboxOutcome.Early : InboxOutcome.Stale;
    }

    private async Task<BsonDocument?> StepAsync(IClientSessionHandle session, Sequence sequence, long version, CancellationToken cancellationToken)
    {
        var options = new FindOneAndUpdateOptions<BsonDocument, BsonDocument?> { IsUpsert = true, ReturnDocument = ReturnDocument.Before };
        return await collections.InboxSequences
            .FindOneAndUpdateAsync(session, SequenceDocument.Id(sequence), SequenceDocument.Step(version), options, cancellationToken).ConfigureAwait(false);
    }
}
