using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Messages;
using Outbox.Messages.Intents;
using Outbox.Messages.Registration;

namespace Outbox.MongoDb.Capture;

/// <summary>
/// Counts versions for messages whose caller gave none. The counter is raised inside the transaction, so two writers of one entity conflict, one of
/// them runs again, and the order of versions is the order of commits. A version that a caller gives does not raise the counter.
/// </summary>
internal sealed class EntityVersions(OutboxCollections collections, ILogger<EntityVersions> logger)
{
    private static readonly FindOneAndUpdateOptions<BsonDocument> Raised = new() { IsUpsert = true, ReturnDocument = ReturnDocument.After };
    private static readonly string Rejection = MessageTypeName.Of(typeof(CommandRejected));

    /// <summary>What each topic's messages were seen to do.</summary>
    private readonly ConcurrentDictionary<string, Seen> _topics = new(StringComparer.Ordinal);

    [Flags]
    private enum Seen
    {
        Supplied = 1,
        Counted = 2,
    }

    /// <summary>The messages of a transaction, each with a version.</summary>
    /// <exception cref="OutboxException">Of one entity and topic, some bring a version and some do not.</exception>
    public async Task<IReadOnlyList<OutboxMessage>> AssignAsync(MongoOutboxTransaction transaction, CancellationToken cancellationToken)
    {
        var messages = transaction.Buffer.Messages.ToArray();
        Watch(messages);
        foreach (var entity in messages.Where(IsCounted).GroupBy(message => message.EntityId))
        {
            CheckSupplied(entity, messages);
            var count = entity.LongCount();
            var raised = await collections.EntityVersions.FindOneAndUpdateAsync(
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

    private static bool IsCounted(OutboxMessage message) => message.Version == CaptureBuffer.UnassignedVersion;

    private static void CheckSupplied(IGrouping<string, OutboxMessage> counted, OutboxMessage[] messages)
    {
        var topics = counted.ToLookup(message => message.Topic);
        if (messages.FirstOrDefault(message => message.EntityId == counted.Key && !IsCounted(message) && topics.Contains(message.Topic)) is { } supplied)
        {
            throw new OutboxException(
                $"Entity '{counted.Key}' publishes to topic '{supplied.Topic}' a '{supplied.Type}' with version {supplied.Version} and a "
                + $"'{topics[supplied.Topic].First().Type}' without one, in one transaction. Give all of them the entity's version, or none.");
        }
    }

    /// <summary>What cannot be refused for certain is warned of, once: the two may be about different entities, or of different instances.</summary>
    private void Watch(OutboxMessage[] messages)
    {
        foreach (var message in messages.Where(message => message.Type != Rejection && !BusTopics.Contains(message.Topic)))
        {
            var now = IsCounted(message) ? Seen.Counted : Seen.Supplied;
            if (!_topics.GetValueOrDefault(message.Topic).HasFlag(now) && _topics.AddOrUpdate(message.Topic, now, (_, seen) => seen | now) != now)
            {
                logger.VersionsMixed(message.Topic, message.Type);
            }
        }
    }
}
