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
/// Counts versions for messages whose caller gave none, for each entity and topic, so that the versions on a topic have no gaps. The counter is raised inside the transaction, so two writers of
/// one conflict, one of them runs again, and the order of versions is the order of commits. A version that a caller gives does not raise the counter.
/// </summary>
internal sealed class EntityVersions(OutboxCollections collections, ILogger<EntityVersions> logger)
{
    private const int BadValue = 2;

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
    /// <param name="session">The session of the transaction.</param>
    /// <param name="captured">The messages.</param>
    /// <param name="blocking">Whether to end before it returns, without any other thread.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="OutboxException">A counter cannot be raised.</exception>
    public async Task<IReadOnlyList<OutboxMessage>> AssignAsync(IClientSessionHandle session, IReadOnlyList<OutboxMessage> captured, bool blocking, CancellationToken cancellationToken)
    {
        Watch(captured);
        if (!captured.Any(IsCounted))
        {
            return captured;
        }

        var messages = captured.ToArray();
        foreach (var counted in Enumerable.Range(0, messages.Length).Where(index => IsCounted(messages[index])).GroupBy(index => (messages[index].Entity, messages[index].Topic)))
        {
            var version = await RaiseAsync(session, counted.Key.Entity, counted.Key.Topic, counted.Count(), blocking, cancellationToken).ConfigureAwait(false);
            foreach (var index in counted)
            {
                messages[index] = messages[index] with { Version = ++version };
            }
        }

        return messages;
    }

    private static bool IsCounted(OutboxMessage message) => message.Version == CaptureBuffer.UnassignedVersion;

    /// <returns>The version before the first of those that were asked for.</returns>
    private async Task<long> RaiseAsync(IClientSessionHandle session, Entity entity, string topic, int count, bool blocking, CancellationToken cancellationToken)
    {
        var key = new BsonDocument("_id", new BsonDocument { { "entityType", entity.Type }, { "entityId", entity.Id }, { "topic", topic } });
        var before = await IncreaseAsync(session, key, count, blocking, cancellationToken).ConfigureAwait(false) - count;
        if (before == 0 && await EarlierAsync(session, entity, blocking, cancellationToken).ConfigureAwait(false) is var earlier and > 0)
        {
            return await IncreaseAsync(session, key, earlier, blocking, cancellationToken).ConfigureAwait(false) - count;
        }

        return before;
    }

    private async Task<long> IncreaseAsync(IClientSessionHandle session, BsonDocument key, long by, bool blocking, CancellationToken cancellationToken)
    {
        try
        {
            var increase = Builders<BsonDocument>.Update.Inc("version", by);
            var raised = blocking
                ? collections.EntityVersions.FindOneAndUpdate(session, key, increase, Raised, cancellationToken)
                : await collections.EntityVersions.FindOneAndUpdateAsync(session, key, increase, Raised, cancellationToken).ConfigureAwait(false);
            return raised["version"].ToInt64();
        }
        catch (MongoCommandException error) when (error.Code == BadValue)
        {
            throw new OutboxException($"The counter {key["_id"]} in {collections.EntityVersions.CollectionNamespace.CollectionName} cannot be raised: {error.Message} Correct its document.", error);
        }
    }

    /// <summary>Until 0.1 one counter served all types and topics of an id. A counter that begins goes on above it, so that no version comes twice.</summary>
    private async Task<long> EarlierAsync(IClientSessionHandle session, Entity entity, bool blocking, CancellationToken cancellationToken)
    {
        var found = collections.EntityVersions.Find(session, new BsonDocument("_id", entity.Id));
        var counter = blocking ? found.FirstOrDefault(cancellationToken) : await found.FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return counter is null ? 0 : counter["version"].ToInt64();
    }

    /// <summary>What cannot be refused for certain is warned of, once: the two may be about different entities, or of different instances.</summary>
    private void Watch(IReadOnlyList<OutboxMessage> messages)
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
