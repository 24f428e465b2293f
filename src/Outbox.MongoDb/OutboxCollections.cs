using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History.Storing;
using Outbox.Messages;
using Outbox.MongoDb.Documents;

namespace Outbox.MongoDb;

/// <summary>
/// The framework's collections, with the concerns that the guarantees need: writes are acknowledged by a majority, so a failover cannot undo them,
/// and reads see only what a failover cannot undo.
/// </summary>
internal sealed class OutboxCollections
{
    public OutboxCollections(IMongoDatabase database, CollectionNames names)
    {
        OutboxMessageSerializer.Register();
        StoredMessageSerializer.Register();
        KeptEventSerializer.Register();
        Names = names;
        Database = database.WithReadConcern(ReadConcern.Majority).WithWriteConcern(WriteConcern.WMajority).WithReadPreference(ReadPreference.Primary);
        Outbox = Database.GetCollection<OutboxMessage>(names.Outbox);
        Stored = Database.GetCollection<StoredMessage>(names.Outbox);
        OutboxDocuments = Database.GetCollection<BsonDocument>(names.Outbox);
        Leases = Database.GetCollection<BsonDocument>(names.Leases);
        Relays = Database.GetCollection<BsonDocument>(names.Relays);
        Instances = Database.GetCollection<BsonDocument>(names.Instances);
        Topics = Database.GetCollection<BsonDocument>(names.Topics);
        Parked = Database.GetCollection<BsonDocument>(names.Parked);
        Discarded = Database.GetCollection<BsonDocument>(names.Discarded);
        Operations = Database.GetCollection<BsonDocument>(names.Operations);
        InboxDiscarded = Database.GetCollection<BsonDocument>(names.InboxDiscarded);
        Sent = Database.GetCollection<BsonDocument>(names.Sent);
        Audit = Database.GetCollection<BsonDocument>(names.Audit);
        Pauses = Database.GetCollection<BsonDocument>(names.Pauses);
        Inbox = Database.GetCollection<BsonDocument>(names.Inbox);
        InboxParked = Database.GetCollection<BsonDocument>(names.InboxParked);
        InboxSequences = Database.GetCollection<BsonDocument>(names.InboxSequences);
        InboxEndpoints = Database.GetCollection<BsonDocument>(names.InboxEndpoints);
        InboxReplays = Database.GetCollection<BsonDocument>(names.InboxReplays);
        ReplaySnapshots = Database.GetCollection<BsonDocument>(names.ReplaySnapshots);
        EntityVersions = Database.GetCollection<BsonDocument>(names.EntityVersions);
        HistoryDocuments = Database.GetCollection<BsonDocument>(names.History);
        History = Database.GetCollection<KeptEvent>(names.History);
        Snapshots = Database.GetCollection<BsonDocument>(names.Snapshots);
        Projections = Database.GetCollection<BsonDocument>(names.Projections);
        HistoryReplays = Database.GetCollection<BsonDocument>(names.HistoryReplays);
        HistoryRequests = Database.GetCollection<BsonDocument>(names.HistoryRequests);
        PayloadFiles = Database.GetCollection<BsonDocument>(names.PayloadFiles);
        PayloadChunks = Database.GetCollection<BsonDocument>(names.PayloadChunks);
        HistoryAnswers = Database.GetCollection<BsonDocument>(names.HistoryAnswers);
    }

    public IMongoDatabase Database { get; }

    public CollectionNames Names { get; }

    public IMongoCollection<OutboxMessage> Outbox { get; }

    /// <summary>The outbox to read from, where a document may be no message.</summary>
    public IMongoCollection<StoredMessage> Stored { get; }

    /// <summary>The outbox as it is stored, for what must not depend on whether a message can be read.</summary>
    public IMongoCollection<BsonDocument> OutboxDocuments { get; }

    public IMongoCollection<BsonDocument> Leases { get; }

    public IMongoCollection<BsonDocument> Relays { get; }

    public IMongoCollection<BsonDocument> Instances { get; }

    public IMongoCollection<BsonDocument> Topics { get; }

    public IMongoCollection<BsonDocument> Parked { get; }

    public IMongoCollection<BsonDocument> Discarded { get; }

    public IMongoCollection<BsonDocument> Operations { get; }

    public IMongoCollection<BsonDocument> Sent { get; }

    public IMongoCollection<BsonDocument> Audit { get; }

    public IMongoCollection<BsonDocument> Pauses { get; }

    public IMongoCollection<BsonDocument> Inbox { get; }

    public IMongoCollection<BsonDocument> InboxParked { get; }

    public IMongoCollection<BsonDocument> InboxDiscarded { get; }

    public IMongoCollection<BsonDocument> InboxSequences { get; }

    public IMongoCollection<BsonDocument> InboxEndpoints { get; }

    public IMongoCollection<BsonDocument> InboxReplays { get; }

    public IMongoCollection<BsonDocument> ReplaySnapshots { get; }

    public IMongoCollection<BsonDocument> EntityVersions { get; }

    /// <summary>The history to read from.</summary>
    public IMongoCollection<KeptEvent> History { get; }

    public IMongoCollection<BsonDocument> HistoryDocuments { get; }

    public IMongoCollection<BsonDocument> PayloadFiles { get; }

    public IMongoCollection<BsonDocument> PayloadChunks { get; }

    public IMongoCollection<BsonDocument> Snapshots { get; }

    public IMongoCollection<BsonDocument> Projections { get; }

    public IMongoCollection<BsonDocument> HistoryAnswers { get; }

    public IMongoCollection<BsonDocument> HistoryReplays { get; }

    public IMongoCollection<BsonDocument> HistoryRequests { get; }
}
