using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Messages;

namespace Outbox.MongoDb.Capture;

/// <summary>
/// Counts versions for messages whose caller gave none. The counter is raised inside the transaction, so two writers of one entity conflict, one of
/// them runs again, and the order of versions is the order of commits.
/// </summary>
internal static class EntityVersions
{
    private static readonly FindOneAndUpdateOptions<BsonDocument> Raised = new() { IsUpsert = true, ReturnDocument = ReturnDocument.After };

    public static async Task<IReadOnlyList<OutboxMessage>> AssignAsync(
        IMongoCollection<BsonDocument> counters, MongoOutboxTransaction transaction, CancellationToken cancellationToken)
    {
        var messages = transaction.Buffer.Messages.ToArray();
        var uncounted = messages.Where(message => message.Version == CaptureBuffer.UnassignedVersion).GroupBy(message => message.EntityId);
        foreach (var entity in uncounted)
        {
            var count = entity.LongCount();
            var raised = await counters.FindOneAndUpdateAsync(
                transaction.Session,
                Builders<BsonDocument>.Filter.Eq("_id", entity.Key),
                Builders<BsonDocument>.Update.Inc("version", count),
                Raised,
                cancellationToken).ConfigureAwait(false);
            var version = raised["version"].ToInt64() - count;
            foreach (var message in entity)
            {
                messages[message.Ordinal] = message with { Version = ++version };
            }
        }

        return messages;
    }
}
