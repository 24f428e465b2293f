using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.MongoDb.Operations.Bulk;

/// <summary>What a bulk operation does on one side: with what could not be published, or with what could not be processed.</summary>
internal interface IBulkSide
{
    /// <summary>Where the messages are.</summary>
    IMongoCollection<BsonDocument> Parked { get; }

    /// <summary>The order of entities and versions, which is an index.</summary>
    BsonDocument Order { get; }

    /// <summary>In which direction the order is gone through.</summary>
    BsonDocument Direction => Order;

    /// <summary>The time since which a message is there.</summary>
    string Since => "parkedAt";

    /// <summary>How many messages one transaction takes.</summary>
    int AtOnce { get; }

    /// <summary>Which messages the operation is to take.</summary>
    BsonDocument Filter { get; }

    /// <summary>Takes messages, in a transaction.</summary>
    /// <returns>How many it were: some may be somebody else's by now.</returns>
    Task<int> ActAsync(IClientSessionHandle session, BsonArray ids, HeldOperation held, CancellationToken cancellationToken);

    /// <summary>Some were taken.</summary>
    void Acted();
}
