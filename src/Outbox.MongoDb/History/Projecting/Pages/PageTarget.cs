using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History.Projecting;
using Outbox.History.Projecting.Building;
using Outbox.History.Projecting.Registration;
using Outbox.Inbox;
using Outbox.Messages;
using Outbox.MongoDb.Inbox.Sequencing;

namespace Outbox.MongoDb.History.Projecting.Pages;

/// <summary>What pages of a build are written to.</summary>
/// <param name="Build">The build's name, and its endpoint's.</param>
/// <param name="Registration">What it is a build of.</param>
/// <param name="Topic">The topic, as messages that come from it name it.</param>
/// <param name="Rows">The collection of its rows.</param>
/// <param name="Format">How rows are written.</param>
internal sealed record PageTarget(string Build, ProjectionRegistration Registration, string Topic, IMongoCollection<BsonDocument> Rows, RowFormat Format)
{
    /// <summary>Whether what cannot be projected now comes again from the history.</summary>
    public bool HasHistory => Registration.From == RebuildFrom.History;

    public Entity EntityOf(string entityId) => new(Registration.EntityType, entityId);

    /// <summary>A filter for how far an entity has come.</summary>
    public BsonDocument SequenceOf(string entityId) =>
        SequenceDocument.Id(new Sequence(Build, Topic, entityId) { EntityType = Registration.EntityType });

    /// <summary>Whether an event has to be read for its fold; otherwise its version alone counts.</summary>
    public bool Folds(OutboxMessage kept) => (kept.Payload is null ? Registration.Tombstones : Registration.Types).Contains(kept.Type);

    public static EventInfo InfoOf(OutboxMessage kept) => new(kept.EntityId, kept.Version, kept.MessageId, kept.Timestamp);
}
