using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.MongoDb;
using Outbox.MongoDb.Configuration;
using Outbox.MongoDb.Payloads;
using Outbox.Payloads;

namespace Outbox;

/// <summary>Finds claimed payloads in the databases of other services.</summary>
public static class MongoDbPayloadExtensions
{
    /// <summary>
    /// Adds the store of another service, which keeps large payloads of its topics in its own MongoDB database. This service's user needs <c>read</c> on <c>outbox.payloads.files</c> and
    /// <c>outbox.payloads.chunks</c> there, and <c>update</c> where the topic's owner waits for its readers.
    /// </summary>
    /// <param name="payloads">The configurator.</param>
    /// <param name="name">The name that topics call it by: <c>t.ClaimCheck(c => c.Store = "orders")</c>.</param>
    /// <param name="connection">The connection string.</param>
    /// <param name="databaseName">The database of that service.</param>
    /// <param name="collectionPrefix">Its <see cref="MongoDbOptions.CollectionPrefix"/>.</param>
    public static void AddMongoDbStore(this PayloadsConfigurator payloads, string name, string connection, string databaseName, string collectionPrefix = "")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connection);
        ArgumentException.ThrowIfNullOrWhiteSpace(databaseName);
        payloads.AddStore(name, provider =>
        {
            var client = ConnectionText.Connect(connection, provider.GetRequiredService<IOptions<OutboxOptions>>().Value.LeaseDuration);
            return provider.StoreOf(client.GetDatabase(databaseName), new CollectionNames(collectionPrefix));
        });
    }

    internal static MongoPayloadStore StoreOf(this IServiceProvider provider, IMongoDatabase database, CollectionNames names)
    {
        var majority = database.WithReadConcern(ReadConcern.Majority).WithWriteConcern(WriteConcern.WMajority).WithReadPreference(ReadPreference.Primary);
        return new MongoPayloadStore(
            majority.GetCollection<BsonDocument>(names.PayloadFiles),
            majority.GetCollection<BsonDocument>(names.PayloadChunks),
            provider.GetRequiredService<IOptions<PayloadOptions>>().Value,
            provider.GetRequiredService<TimeProvider>());
    }
}
