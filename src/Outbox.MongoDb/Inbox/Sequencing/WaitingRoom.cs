using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.MongoDb.Inbox.Parking;

namespace Outbox.MongoDb.Inbox.Sequencing;

/// <summary>How many messages may wait, for a predecessor or behind one that failed.</summary>
internal sealed class WaitingRoom(OutboxCollections collections, TopicSequenceOptions options, TimeProvider time)
{
    private static readonly BsonArray Reasons = [ParkedDocument.ReasonName(ParkReason.Gap), ParkedDocument.ReasonName(ParkReason.Held)];

    /// <summary>Has a message wait for its predecessor.</summary>
    public Task EnterAsync(IClientSessionHandle session, ParkedMessage message, CancellationToken cancellationToken) =>
        collections.InboxParked.UpdateOneAsync(
            session,
            ParkedDocument.Identity(message),
            ParkedDocument.Update(message with { Reason = ParkReason.Gap, Deadline = time.GetUtcNow() + options.Of(message.Topic).Deadline }),
            new UpdateOptions { IsUpsert = true },
            cancellationToken);

    /// <summary>One that waits already has its place.</summary>
    public async Task<bool> IsFullAsync(IClientSessionHandle session, Sequence sequence, ParkedMessage message, CancellationToken cancellationToken)
    {
        var reason = ParkedDocument.ReasonName(message.Reason);
        var here = ParkedDocument.Identity(message).Add("reason", reason);
        if (await collections.InboxParked.Find(session, here).AnyAsync(cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        var limits = options.Of(sequence.Topic);
        var all = new BsonDocument { { "endpoint", sequence.Endpoint }, { "topic", sequence.Topic }, { "reason", new BsonDocument("$in", Reasons) } };
        return await HoldsAsync(session, SequenceDocument.Parked(sequence, reason), limits.EntityLimit, cancellationToken).ConfigureAwait(false)
            || await HoldsAsync(session, all, limits.TotalLimit, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> HoldsAsync(IClientSessionHandle session, BsonDocument waiting, int limit, CancellationToken cancellationToken) =>
        await collections.InboxParked.CountDocumentsAsync(session, waiting, new CountOptions { Limit = limit }, cancellationToken).ConfigureAwait(false) >= limit;
}
