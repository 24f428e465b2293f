using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.MongoDb.Inbox.Parking;
using Outbox.MongoDb.Inbox.Sequencing;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.Inbox.Holding;

/// <summary>
/// The queues in <c>inbox.parked</c>: messages with <c>hold</c>, in the order of their positions. Whoever joins a queue, lets it go on or finds it empty changes the entity's document
/// in <c>inbox.sequences</c>, so that no two of them happen at once.
/// </summary>
internal sealed class MongoHeldMessages(OutboxCollections collections, ShortTransactions transactions, WaitingRoom room) : IHeldMessages
{
    /// <inheritdoc/>
    public Task<bool> HoldsAsync(Sequence entity, CancellationToken cancellationToken) =>
        collections.InboxParked.Find(HoldQueue.Of(entity)).AnyAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<WaitOutcome> AddAsync(Sequence entity, ParkedMessage message, CancellationToken cancellationToken) => transactions.RunAsync(
        async (session, token) =>
        {
            if (!await collections.InboxParked.Find(session, HoldQueue.Of(entity)).AnyAsync(token).ConfigureAwait(false))
            {
                return WaitOutcome.Ready;
            }

            // The one that failed may come again, as any other: it stays what it is.
            var here = ParkedDocument.Identity(message).Add("hold", true);
            if (await collections.InboxParked.Find(session, here).AnyAsync(token).ConfigureAwait(false))
            {
                return WaitOutcome.Waiting;
            }

            var held = message with { Reason = ParkReason.Held, Hold = true };
            if (await room.IsFullAsync(session, entity, held, token).ConfigureAwait(false))
            {
                return WaitOutcome.Full;
            }

            await HoldQueue.MeetAsync(collections, session, entity, SequenceDocument.Meet().Set("waits", true), token).ConfigureAwait(false);
            await collections.InboxParked.UpdateOneAsync(
                session, ParkedDocument.Identity(held), ParkedDocument.Update(held), new UpdateOptions { IsUpsert = true }, token).ConfigureAwait(false);
            return WaitOutcome.Waiting;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<ParkedMessage?> NextAsync(Sequence entity, CancellationToken cancellationToken)
    {
        while (true)
        {
            var first = await collections.InboxParked.Find(HoldQueue.Of(entity)).Sort(HoldQueue.Order).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
            if (HoldQueue.MayGo(first))
            {
                return ParkedDocument.Read(first!);
            }

            if (await RestAsync(entity, cancellationToken).ConfigureAwait(false))
            {
                return null;
            }
        }
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(Sequence entity, ParkedMessage failed, CancellationToken cancellationToken) => transactions.RunAsync(
        async (session, token) =>
        {
            await collections.InboxParked.DeleteOneAsync(session, ParkedDocument.Identity(failed), cancellationToken: token).ConfigureAwait(false);
            await HoldQueue.WakeAsync(collections, session, entity, token).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <returns>Whether nobody's turn has come: the queue is empty, or its first has failed.</returns>
    private Task<bool> RestAsync(Sequence entity, CancellationToken cancellationToken) => transactions.RunAsync(
        async (session, token) =>
        {
            var first = await collections.InboxParked.Find(session, HoldQueue.Of(entity)).Sort(HoldQueue.Order).FirstOrDefaultAsync(token).ConfigureAwait(false);
            if (HoldQueue.MayGo(first))
            {
                return false;
            }

            // What has a version belongs to a sequence, from before or after the endpoint was configured to hold.
            var own = SequenceDocument.Id(entity).Add("version", new BsonDocument("$exists", false));
            if (first is null)
            {
                await collections.InboxSequences.DeleteOneAsync(session, own, cancellationToken: token).ConfigureAwait(false);
            }
            else
            {
                await collections.InboxSequences.UpdateOneAsync(session, own, Builders<BsonDocument>.Update.Set("ready", false), cancellationToken: token).ConfigureAwait(false);
            }

            return true;
        },
        cancellationToken);
}
