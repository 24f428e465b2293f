using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Leases;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.Sessions;

/// <summary>
/// What <c>outbox.instances</c> says of each process that writes transactions here: until when it counts as alive, by the server's clock, and which server sessions it uses.
/// </summary>
internal sealed class InstanceStore(OutboxCollections collections, RelayIdentity identity)
{
    private static readonly UpdateOptions Upsert = new() { IsUpsert = true };

    /// <summary>After how long the client gives a server up that hangs.</summary>
    public TimeSpan HangLimit => HangLimits.Of(collections.Database.Client.Settings);

    /// <summary>Shows that this instance lives, and what it uses.</summary>
    public Task SaveAsync(TimeSpan alive, IReadOnlyCollection<BsonValue> sessions, bool blocking, CancellationToken cancellationToken)
    {
        var fields = new BsonDocument
        {
            { "expiresAt", In(alive) },
            { "sessions", new BsonDocument("$literal", new BsonArray(sessions)) },
        };
        var own = new BsonDocument("_id", identity.Owner);
        var update = Builders<BsonDocument>.Update.Pipeline(new BsonDocument[] { new("$set", fields) });
        if (!blocking)
        {
            return collections.Instances.UpdateOneAsync(own, update, Upsert, cancellationToken);
        }

        collections.Instances.UpdateOne(own, update, Upsert, cancellationToken);
        return Task.CompletedTask;
    }

    /// <summary>The instances that have not been heard of for as long as they said.</summary>
    public Task<List<BsonDocument>> ReadDeadAsync(CancellationToken cancellationToken) =>
        collections.Instances.Find(new BsonDocument
        {
            { "_id", new BsonDocument("$ne", identity.Owner) },
            { "$expr", Op("$lt", "$expiresAt", Now) },
        }).Limit(100).ToListAsync(cancellationToken);

    /// <summary>
    /// Ends the sessions of a dead instance, and with them the transactions that it left open: their documents are free at once. An instance that was only paused sees its
    /// transaction aborted, and runs it again.
    /// </summary>
    public async Task EndAsync(BsonDocument instance, CancellationToken cancellationToken)
    {
        var sessions = instance["sessions"].AsBsonArray;
        if (sessions.Count > 0)
        {
            var kill = new BsonDocument("killSessions", new BsonArray(sessions.Select(id => new BsonDocument("id", id))));
            await collections.Database.RunCommandAsync<BsonDocument>(kill, cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        // Only as it was read: one that has come back meanwhile stays on the list.
        await collections.Instances.DeleteOneAsync(
            new BsonDocument { { "_id", instance["_id"] }, { "expiresAt", instance["expiresAt"] } }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes this instance off the list.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken) =>
        collections.Instances.DeleteOneAsync(new BsonDocument("_id", identity.Owner), cancellationToken);
}
