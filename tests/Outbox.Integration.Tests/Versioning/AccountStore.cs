using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Integration.Tests.Servers;
using Outbox.Versioning;

namespace Outbox.Integration.Tests.Versioning;

/// <summary>Accounts in a database of their own, and changes of them.</summary>
internal sealed class AccountStore(IMongoDatabase database, string connectionString)
{
    public string ConnectionString => connectionString;

    public IMongoCollection<Account> Accounts { get; } = database.GetCollection<Account>("accounts");

    public static UpdateDefinitionBuilder<Account> Update => Builders<Account>.Update;

    public static async Task<AccountStore> CreateAsync()
    {
        var server = await MongoDbServer.GetAsync();
        var database = new MongoClient(server.ConnectionString).GetDatabase($"t{Guid.NewGuid():N}");
        await database.CreateCollectionAsync("accounts");
        return new AccountStore(database, server.ConnectionString);
    }

    public static string NewId() => $"a-{Guid.NewGuid():N}";

    public static MessageStamp Stamp(string id, long version, MessageOrdering ordering = MessageOrdering.NewestVersion) =>
        new($"m{version}", id, version, DateTimeOffset.UnixEpoch.AddMinutes(version), ordering);

    /// <summary>The state that version <paramref name="version"/> of an account brings.</summary>
    public static Account State(string id, long version) => new() { Id = id, Balance = (int)version * 10 };

    public Task<ApplyOutcome> ReplaceAsync(MessageStamp stamp, IClientSessionHandle? session = null) =>
        Accounts.ApplyAsync(session, stamp, State(stamp.EntityId, stamp.Version));

    public Task InsertAsync(BsonDocument document) => database.GetCollection<BsonDocument>("accounts").InsertOneAsync(document);

    public async Task<BsonDocument> ReadAsync(string id) =>
        await database.GetCollection<BsonDocument>("accounts").Find(new BsonDocument("_id", id)).SingleAsync();

    /// <summary>Runs in a transaction, and again as long as the database asks for it.</summary>
    public async Task<T> InTransactionAsync<T>(Func<IClientSessionHandle, Task<T>> body)
    {
        using var session = await database.Client.StartSessionAsync();
        return await session.WithTransactionAsync((handle, _) => body(handle));
    }
}
