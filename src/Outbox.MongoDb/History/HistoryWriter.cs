using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.History;
using Outbox.History.Loading;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.MongoDb.History;

/// <summary>Keeps what is captured for topics that keep history, in the same transaction.</summary>
internal sealed class HistoryWriter(OutboxCollections collections, MessageRegistry registry)
{
    /// <param name="session">The session of the transaction.</param>
    /// <param name="captured">The messages.</param>
    /// <param name="heads">What the transaction knows of the entities.</param>
    /// <param name="blocking">Whether to end before it returns, without any other thread.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="VersionConflictException">A version is taken, or one is left out.</exception>
    public async Task InsertAsync(IClientSessionHandle session, IReadOnlyList<OutboxMessage> captured, KnownHeads heads, bool blocking, CancellationToken cancellationToken)
    {
        var reader = new MongoHistoryReader(collections, session);
        var kept = await KeptMessages.CheckAsync(registry, heads, captured, entity => blocking
            ? ValueTask.FromResult(reader.Head(entity, cancellationToken))
            : new ValueTask<long>(reader.HeadAsync(entity, cancellationToken))).ConfigureAwait(false);
        if (kept.Count == 0)
        {
            return;
        }

        try
        {
            await InsertAsync(session, kept.Select(HistoryDocument.Of), blocking, cancellationToken).ConfigureAwait(false);
        }
        catch (MongoBulkWriteException error) when (error.WriteErrors.FirstOrDefault(write => write.Category == ServerErrorCategory.DuplicateKey) is { } duplicate)
        {
            // Where the owner of the transaction reads without a snapshot, another's commit may fall between the look and the write.
            var taken = kept[duplicate.Index];
            throw new VersionConflictException(taken.Entity, taken.Version - 1, taken.Version, error);
        }
    }

    private Task InsertAsync(IClientSessionHandle session, IEnumerable<BsonDocument> documents, bool blocking, CancellationToken cancellationToken)
    {
        if (!blocking)
        {
            return collections.HistoryDocuments.InsertManyAsync(session, documents, cancellationToken: cancellationToken);
        }

        collections.HistoryDocuments.InsertMany(session, documents, cancellationToken: cancellationToken);
        return Task.CompletedTask;
    }
}
