using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Messages;
using Outbox.MongoDb.History;
using Outbox.MongoDb.Payloads;

namespace Outbox.MongoDb.Capture;

/// <summary>Writes captured messages in their transaction.</summary>
internal sealed class MessageStore(OutboxCollections collections, EntityVersions versions, HistoryWriter history, IEnumerable<ICapturedMessages> others, CapturedPayloads payloads)
{
    /// <param name="session">The session of the transaction.</param>
    /// <param name="captured">The messages.</param>
    /// <param name="heads">What the transaction knows of the entities' events.</param>
    /// <param name="blocking">Whether to end before it returns, without any other thread: for a caller that cannot await.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="OutboxException">A message id is taken.</exception>
    public async Task InsertAsync(IClientSessionHandle session, IReadOnlyList<OutboxMessage> captured, KnownHeads heads, bool blocking, CancellationToken cancellationToken)
    {
        if (captured.Count == 0)
        {
            return;
        }

        var messages = await versions.AssignAsync(session, captured, blocking, cancellationToken).ConfigureAwait(false);
        await history.InsertAsync(session, messages, heads, blocking, cancellationToken).ConfigureAwait(false);
        foreach (var other in others)
        {
            await other.WriteAsync(session, messages, blocking, cancellationToken).ConfigureAwait(false);
        }

        messages = await payloads.DepositAsync(session, messages, blocking, cancellationToken).ConfigureAwait(false);
        try
        {
            await InsertManyAsync(session, messages, blocking, cancellationToken).ConfigureAwait(false);
        }
        catch (MongoBulkWriteException error) when (error.WriteErrors.FirstOrDefault(write => write.Category == ServerErrorCategory.DuplicateKey) is { } duplicate)
        {
            var taken = messages[duplicate.Index];
            throw new OutboxException($"The outbox has a message {taken.MessageId} already. Give each message ('{taken.Type}' here) an id of its own.", error);
        }
    }

    private Task InsertManyAsync(IClientSessionHandle session, IReadOnlyList<OutboxMessage> messages, bool blocking, CancellationToken cancellationToken)
    {
        if (!blocking)
        {
            return collections.Outbox.InsertManyAsync(session, messages, cancellationToken: cancellationToken);
        }

        collections.Outbox.InsertMany(session, messages, cancellationToken: cancellationToken);
        return Task.CompletedTask;
    }
}
