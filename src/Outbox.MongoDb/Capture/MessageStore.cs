using MongoDB.Driver;
using Outbox.Messages;

namespace Outbox.MongoDb.Capture;

/// <summary>Writes captured messages in their transaction.</summary>
internal sealed class MessageStore(OutboxCollections collections, EntityVersions versions)
{
    /// <exception cref="OutboxException">A message id is taken.</exception>
    public async Task InsertAsync(IClientSessionHandle session, IReadOnlyList<OutboxMessage> captured, CancellationToken cancellationToken)
    {
        if (captured.Count == 0)
        {
            return;
        }

        var messages = await versions.AssignAsync(session, captured, cancellationToken).ConfigureAwait(false);
        try
        {
            await collections.Outbox.InsertManyAsync(session, messages, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (MongoBulkWriteException error) when (error.WriteErrors.FirstOrDefault(write => write.Category == ServerErrorCategory.DuplicateKey) is { } duplicate)
        {
            var taken = messages[duplicate.Index];
            throw new OutboxException($"The outbox has a message {taken.MessageId} already. Give each message ('{taken.Type}' here) an id of its own.", error);
        }
    }
}
