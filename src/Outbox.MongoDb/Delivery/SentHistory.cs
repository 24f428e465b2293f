using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Messages;

namespace Outbox.MongoDb.Delivery;

/// <summary>The messages that were published, for as long as <see cref="OutboxOptions.KeepSentFor"/> says.</summary>
internal sealed class SentHistory(OutboxCollections collections, IOptions<OutboxOptions> options, TimeProvider time)
{
    /// <summary>
    /// Keeps messages that were published, before they are removed from the outbox. Without a transaction: after a crash in between a message is in both
    /// places and is published again, like any that was not removed in time, and the history has it once.
    /// </summary>
    public async Task KeepAsync(IReadOnlyCollection<OutboxMessage> published, CancellationToken cancellationToken)
    {
        if (options.Value.KeepSentFor is null || published.Count == 0)
        {
            return;
        }

        var sentAt = time.GetUtcNow().UtcDateTime;
        var documents = published.Select(message => message.ToBsonDocument().Set("sentAt", sentAt));
        try
        {
            await collections.Sent.InsertManyAsync(documents, new InsertManyOptions { IsOrdered = false }, cancellationToken).ConfigureAwait(false);
        }
        catch (MongoBulkWriteException error) when (
            error.WriteConcernError is null && error.WriteErrors.All(write => write.Category == ServerErrorCategory.DuplicateKey))
        {
            // A relay that was killed between keeping and deleting kept some of them already.
        }
    }
}
