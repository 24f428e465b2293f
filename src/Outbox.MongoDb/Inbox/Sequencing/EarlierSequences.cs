using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox.Sequencing;

namespace Outbox.MongoDb.Inbox.Sequencing;

/// <summary>Sequences as version 0.1 kept them: by the entity's id alone. An entity takes over how far that one had come when it is met for the first time.</summary>
internal static class EarlierSequences
{
    /// <param name="collections">The collections.</param>
    /// <param name="session">The transaction.</param>
    /// <param name="sequence">A sequence that has no document of its own yet.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The document that it has from now on; <see langword="null"/> if there is nothing to take over.</returns>
    public static async Task<BsonDocument?> TakeOverAsync(
        OutboxCollections collections, IClientSessionHandle session, Sequence sequence, CancellationToken cancellationToken)
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
}
