using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.Inbox.Operations;
using Outbox.Inbox.Sequencing;
using Outbox.MongoDb.Inbox.Holding;
using Outbox.MongoDb.Inbox.Parking;
using Outbox.MongoDb.Inbox.Sequencing;
using Outbox.MongoDb.Sessions;
using Outbox.Operations;
using Outbox.Operations.Failures;

namespace Outbox.MongoDb.Inbox.Operations;

/// <summary>Decisions about parked messages. Retries are marked, and carried out by the endpoint itself.</summary>
internal sealed class MongoInboxOperations(
    OutboxCollections collections, ShortTransactions transactions, GapGiver gaps, TimeProvider time, ILogger<MongoInboxOperations> logger) : IInboxOperations
{
    /// <inheritdoc/>
    public Task<Page<ParkedSummary>> SearchAsync(ParkedInboxFilter filter, string? cursor = null, int size = 100, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<Page<ParkedSummary>> SearchDiscardedAsync(ParkedInboxFilter filter, string? cursor = null, int size = 100, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<ParkedInboxMessage?> GetAsync(string id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<IReadOnlyList<FailureGroup>> GroupsAsync(ParkedInboxFilter? filter = null, int limit = 100, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<long> CountAsync(ParkedInboxFilter filter, int limit = 100_000, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<bool> RestoreAsync(string id, Decision decision, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<bool> EditAndRetryAsync(string id, string payload, string etag, Decision decision, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedInboxMessage>> ListParkedAsync(
        string? endpoint = null, ParkReason? reason = null, int limit = 100, CancellationToken cancellationToken = default) =>
        ListParkedAsync(new ParkedInboxFilter { Endpoint = endpoint, Reason = reason }, limit, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ParkedInboxMessage>> ListParkedAsync(ParkedInboxFilter filter, int limit = 100, CancellationToken cancellationToken = default)
    {
        var found = await collections.InboxParked.Find(ParkedSelection.Of(filter)).Sort(new BsonDocument("parkedAt", 1)).Limit(limit).ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        return found.ConvertAll(document => new ParkedInboxMessage(
            document["_id"].AsObjectId.ToString(),
            ParkedDocument.Read(document),
            new DateTimeOffset(document["parkedAt"].ToUniversalTime()),
            document.GetValue("retry", false).AsBoolean));
    }

    /// <inheritdoc/>
    public async Task<long> RetryAllAsync(ParkedInboxFilter filter, Decision given, CancellationToken cancellationToken = default)
    {
        // The endpoints take what is marked in the order of versions.
        var marked = await collections.InboxParked.UpdateManyAsync(
            ParkedSelection.Of(filter) & Builders<BsonDocument>.Filter.Ne("reason", "held"), Builders<BsonDocument>.Update.Set("retry", true), cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        logger.ManyDecidedByAPerson(marked.MatchedCount, "to be tried again", filter.ToString(), given.Reason);
        return marked.MatchedCount;
    }

    /// <inheritdoc/>
    public async Task<long> DiscardAllAsync(ParkedInboxFilter filter, Decision given, CancellationToken cancellationToken = default)
    {
        long count = 0;
        await foreach (var ids in ParkedSelection.InOrderAsync(collections.InboxParked, filter, cancellationToken).ConfigureAwait(false))
        {
            foreach (var id in ids)
            {
                count += await TryDiscardAsync(id.AsObjectId, cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }
        }

        logger.ManyDecidedByAPerson(count, "discarded", filter.ToString(), given.Reason);
        return count;
    }

    /// <inheritdoc/>
    public async Task<bool> RetryAsync(string id, Decision given, CancellationToken cancellationToken = default)
    {
        if (!ObjectId.TryParse(id, out var key))
        {
            return false;
        }

        var marked = await collections.InboxParked.FindOneAndUpdateAsync(
            new BsonDocument { { "_id", key }, { "reason", new BsonDocument("$ne", "held") }, { "omitted", BsonNull.Value } },
            Builders<BsonDocument>.Update.Set("retry", true).Unset("retryAt"),
            cancellationToken: cancellationToken).ConfigureAwait(false);
        if (marked is null && await collections.InboxParked.Find(new BsonDocument("_id", key)).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false) is { } held)
        {
            throw held.Contains("omitted") ? IsIncomplete(ParkedDocument.Read(held)) : new OutboxException(
                $"Message {held.GetValue("messageId", id)} queues behind one of entity '{held["entityId"]}' that failed. Retry or discard that one; this one follows by itself.");
        }

        return Note(marked is not null, "to be tried again", id, given.Reason);
    }

    /// <inheritdoc/>
    public async Task<bool> DiscardAsync(string id, Decision given, CancellationToken cancellationToken = default)
    {
        if (!ObjectId.TryParse(id, out var key))
        {
            return false;
        }

        var discarded = await transactions.RunAsync((session, token) => DiscardAsync(session, key, token), cancellationToken).ConfigureAwait(false);
        return Note(discarded, "discarded", id, given.Reason);
    }

    /// <inheritdoc/>
    public async Task<bool> ReleaseAsync(Sequence sequence, Decision given, CancellationToken cancellationToken = default)
    {
        var released = await gaps.GiveUpAsync(sequence, GapPolicy.Apply, null, cancellationToken).ConfigureAwait(false);
        return Note(released is not null, "released", sequence.ToString(), given.Reason);
    }

    private async Task<bool> TryDiscardAsync(ObjectId id, CancellationToken cancellationToken)
    {
        try
        {
            return await transactions.RunAsync((session, token) => DiscardAsync(session, id, token), cancellationToken).ConfigureAwait(false);
        }
        catch (OutboxException)
        {
            // It waits for a predecessor that is not among them.
            return false;
        }
    }

    private async Task<bool> DiscardAsync(IClientSessionHandle session, ObjectId id, CancellationToken cancellationToken)
    {
        var document = await collections.InboxParked.FindOneAndDeleteAsync(session, new BsonDocument("_id", id), cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        if (document is null)
        {
            return false;
        }

        var message = ParkedDocument.Read(document);
        if (message.EntityId is { } entityId)
        {
            await GoOnAsync(session, new Sequence(message.Endpoint, message.Topic, entityId) { EntityType = message.EntityType ?? "" }, message, cancellationToken).ConfigureAwait(false);
        }

        if (message.MessageId is not null)
        {
            await RecordAsync(session, message, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private async Task GoOnAsync(IClientSessionHandle session, Sequence sequence, ParkedMessage message, CancellationToken cancellationToken)
    {
        if (message.Hold)
        {
            await HoldQueue.WakeAsync(collections, session, sequence, cancellationToken).ConfigureAwait(false);
        }
        else if (message.Version is { } version)
        {
            await gaps.StepBehindAsync(session, sequence, version, message.InSequence || message.Reason == ParkReason.Gap, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>No consumer processes it any more, also none of those that have not yet.</summary>
    private async Task RecordAsync(IClientSessionHandle session, ParkedMessage message, CancellationToken cancellationToken)
    {
        var record = new InboxRecord(message.Endpoint, message.MessageId!, message.Type ?? "") { Topic = message.RecordTopic };
        var now = time.GetUtcNow();
        var fields = new BsonDocument { { "type", record.Type }, { "outcome", "discarded" }, { "processedAt", now.UtcDateTime } };
        await collections.Inbox.UpdateOneAsync(
            session, InboxDocument.ById(record), new BsonDocument("$setOnInsert", fields), new UpdateOptions { IsUpsert = true }, cancellationToken).ConfigureAwait(false);
        await collections.Inbox.UpdateOneAsync(session, InboxDocument.Partly(record), InboxDocument.Whole("discarded", now), cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private static OutboxException IsIncomplete(ParkedMessage message) => new(
        $"Message {message.MessageId} is parked without its value, which has {message.Omitted?.Size} bytes and is too large to be stored. It is on Kafka at {message.Topic} [{message.Partition}] "
        + $"@{message.Offset}, as long as the topic keeps it: have its producer send it in parts, or deal with it by hand, and discard it here.");

    private bool Note(bool found, string what, string which, string reason)
    {
        if (found)
        {
            logger.DecidedByAPerson(which, what, reason);
        }

        return found;
    }
}
