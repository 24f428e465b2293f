using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Messages;
using Outbox.MongoDb.Documents;

namespace Outbox.MongoDb;

/// <summary>
/// The framework's collections, with the concerns that the guarantees need: writes are acknowledged by a majority, so a failover cannot undo them,
/// and reads see only what a failover cannot undo.
/// </summary>
internal sealed class OutboxCollections
{
    public const string OutboxName = "outbox";
    public const string LeasesName = "outbox.leases";
    public const string RelaysName = "outbox.relays";
    public const string InstancesName = "outbox.instances";
    public const string ParkedName = "outbox.parked";
    public const string SentName = "outbox.sent";
    public const string InboxName = "inbox";
    public const string InboxParkedName = "inbox.parked";
    public const string InboxSequencesName = "inbox.sequences";
    public const string EntityVersionsName = "entity.versions";

    public OutboxCollections(IMongoDatabase database)
    {
        OutboxMessageSerializer.Register();
        StoredMessageSerializer.Register();
        Database = database.WithReadConcern(ReadConcern.Majority).WithWriteConcern(WriteConcern.WMajority).WithReadPreference(ReadPreference.Primary);
        Outbox = Database.GetCollection<OutboxMessage>(OutboxName);
        Stored = Database.GetCollection<StoredMessage>(OutboxName);
        OutboxDocuments = Database.GetCollection<BsonDocument>(OutboxName);
        Leases = Database.GetCollection<BsonDocument>(LeasesName);
        Relays = Database.GetCollection<BsonDocument>(RelaysName);
        Instances = Database.GetCollection<BsonDocument>(InstancesName);
        Parked = Database.GetCollection<BsonDocument>(ParkedName);
        Sent = Database.GetCollection<BsonDocument>(SentName);
        Inbox = Database.GetCollection<BsonDocument>(InboxName);
        InboxParked = Database.GetCollection<BsonDocument>(InboxParkedName);
        InboxSequences = Database.GetCollection<BsonDocument>(InboxSequencesName);
        EntityVersions = Database.GetCollection<BsonDocument>(EntityVersionsName);
    }

    public IMongoDatabase Database { get; }

    public IMongoCollection<OutboxMessage> Outbox { get; }

    /// <summary>The outbox to read from, where a document may be no message.</summary>
    public IMongoCollection<StoredMessage> Stored { get; }

    /// <summary>The outbox as it is stored, for what must not depend on whether a message can be read.</summary>
    public IMongoCollection<BsonDocument> OutboxDocuments { get; }

    public IMongoCollection<BsonDocument> Leases { get; }

    public IMongoCollection<BsonDocument> Relays { get; }

    public IMongoCollection<BsonDocument> Instances { get; }

    public IMongoCollection<BsonDocument> Parked { get; }

    public IMongoCollection<BsonDocument> Sent { get; }

    public IMongoCollection<BsonDocument> Inbox { get; }

    public IMongoCollection<BsonDocument> InboxParked { get; }

    public IMongoCollection<BsonDocument> InboxSequences { get; }

    public IMongoCollection<BsonDocument> EntityVersions { get; }
}
