using System.Globalization;
using DotNetCore.CAP;
using DotNetCore.CAP.Internal;
using DotNetCore.CAP.Messages;
using DotNetCore.CAP.Monitoring;
using DotNetCore.CAP.Persistence;
using DotNetCore.CAP.Serialization;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Cli.Tests.Importing.RealCap;

/// <summary>Keeps CAP's messages in the documents of DotNetCore.CAP.MongoDB, under the same conditions and transactions.</summary>
internal sealed class CapStorage(IMongoDatabase database, ISerializer serializer, ISnowflakeId ids, IOptions<CapOptions> options, Billing billing) : IDataStorage, IStorageInitializer
{
    private const int MostRetried = 200;

    private static readonly TransactionOptions Majority = new(ReadConcern.Majority, ReadPreference.Primary, WriteConcern.WMajority);

    private readonly IMongoCollection<BsonDocument> _published = database.GetCollection<BsonDocument>("cap.published");
    private readonly IMongoCollection<BsonDocument> _received = database.GetCollection<BsonDocument>("cap.received");
    private readonly IMongoCollection<BsonDocument> _locks = database.GetCollection<BsonDocument>("cap.lock");

    public string GetPublishedTableName() => "cap.published";

    public string GetReceivedTableName() => "cap.received";

    public string GetLockTableName() => "cap.lock";

    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        foreach (var name in options.Value.UseStorageLock ? new[] { "publish_retry", "received_retry" } : [])
        {
            var one = new BsonDocument("_id", $"{name}_{options.Value.Version}");
            await _locks.UpdateOneAsync(one, new BsonDocument("$setOnInsert", new BsonDocument("LastLockTime", DateTime.MinValue)), new UpdateOptions { IsUpsert = true }, cancellationToken);
        }
    }

    public async Task<bool> AcquireLockAsync(string key, TimeSpan ttl, string instance, CancellationToken token = default)
    {
        var free = new BsonDocument { { "_id", key }, { "LastLockTime", new BsonDocument("$lt", DateTime.UtcNow - ttl) } };
        var taken = new BsonDocument("$set", new BsonDocument { { "Instance", instance }, { "LastLockTime", DateTime.UtcNow } });
        return (await _locks.UpdateOneAsync(free, taken, cancellationToken: token)).ModifiedCount > 0;
    }

    public Task ReleaseLockAsync(string key, string instance, CancellationToken token = default) =>
        _locks.UpdateOneAsync(new BsonDocument { { "_id", key }, { "Instance", instance } }, new BsonDocument("$set", new BsonDocument { { "Instance", "" }, { "LastLockTime", DateTime.MinValue } }), cancellationToken: token);

    public Task RenewLockAsync(string key, TimeSpan ttl, string instance, CancellationToken token = default)
    {
        var later = new BsonDocument("$set", new BsonDocument("LastLockTime", new BsonDocument("$add", new BsonArray { "$LastLockTime", ttl.TotalMilliseconds })));
        return _locks.UpdateOneAsync(new BsonDocument { { "_id", key }, { "Instance", instance } }, Builders<BsonDocument>.Update.Pipeline(new[] { later }), cancellationToken: token);
    }

    public async Task<MediumMessage> StoreMessageAsync(string name, Message content, object? transaction = null)
    {
        var message = new MediumMessage { DbId = content.GetId(), Origin = content, Content = serializer.Serialize(content), Added = DateTime.UtcNow };
        var document = DocumentOf(message, long.Parse(message.DbId, CultureInfo.InvariantCulture), name, StatusName.Scheduled);
        document["_lockToken"] = ObjectId.Empty;
        await (transaction is IClientSessionHandle session ? _published.InsertOneAsync(session, document) : _published.InsertOneAsync(document));
        return message;
    }

    public async Task<MediumMessage> StoreReceivedMessageAsync(string name, string group, Message content)
    {
        var id = ids.NextId();
        var message = new MediumMessage { DbId = id.ToString(CultureInfo.InvariantCulture), Origin = content, Content = serializer.Serialize(content), Added = DateTime.UtcNow };
        await _received.InsertOneAsync(DocumentOf(message, id, name, StatusName.Scheduled, group));
        return message;
    }

    public Task StoreReceivedExceptionMessageAsync(string name, string group, string content)
    {
        var message = new MediumMessage
        {
            DbId = "",
            Origin = null!,
            Content = content,
            Added = DateTime.UtcNow,
            Retries = options.Value.FailedRetryCount,
            ExpiresAt = DateTime.UtcNow.AddSeconds(options.Value.FailedMessageExpiredAfter),
        };
        return _received.InsertOneAsync(DocumentOf(message, ids.NextId(), name, StatusName.Failed, group));
    }

    public Task ChangePublishStateAsync(MediumMessage message, StatusName state, object? transaction = null) => transaction is IClientSessionHandle session
        ? _published.UpdateOneAsync(session, One(message), StateOf(message, state))
        : _published.UpdateOneAsync(One(message), StateOf(message, state));

    public Task ChangeReceiveStateAsync(MediumMessage message, StatusName state) => _received.UpdateOneAsync(One(message), StateOf(message, state));

    public Task ChangePublishStateToDelayedAsync(string[] ids) => _published.UpdateManyAsync(
        new BsonDocument("_id", new BsonDocument("$in", new BsonArray(ids.Select(id => long.Parse(id, CultureInfo.InvariantCulture))))), new BsonDocument("$set", new BsonDocument("StatusName", nameof(StatusName.Delayed))));

    public Task<IEnumerable<MediumMessage>> GetPublishedMessagesOfNeedRetry(TimeSpan lookbackSeconds) => ToRetryAsync(_published, lookbackSeconds);

    /// <summary>None while nothing can be billed, so that what has failed is at rest.</summary>
    public async Task<IEnumerable<MediumMessage>> GetReceivedMessagesOfNeedRetry(TimeSpan lookbackSeconds) => billing.IsBroken ? [] : await ToRetryAsync(_received, lookbackSeconds);

    public async Task ScheduleMessagesOfDelayedAsync(Func<object, IEnumerable<MediumMessage>, Task> scheduleTask, CancellationToken token = default)
    {
        var soon = new BsonDocument { { "StatusName", "Delayed" }, { "ExpiresAt", new BsonDocument("$lt", DateTime.UtcNow.AddMinutes(2)) } };
        var late = new BsonDocument { { "StatusName", "Queued" }, { "ExpiresAt", new BsonDocument("$lt", DateTime.UtcNow.AddMinutes(-1)) } };
        var due = new BsonDocument { { "Version", options.Value.Version }, { "$or", new BsonArray { soon, late } } };
        using var session = await database.Client.StartSessionAsync(cancellationToken: token);
        while (true)
        {
            session.StartTransaction(Majority);
            try
            {
                await _published.UpdateManyAsync(session, due, new BsonDocument("$set", new BsonDocument("_lockToken", ObjectId.GenerateNewId())), cancellationToken: token);
                await scheduleTask(session, (await _published.Find(session, due).ToListAsync(token)).ConvertAll(MessageOf));
                await session.CommitTransactionAsync(token);
                return;
            }
            catch (MongoCommandException error) when (error.HasErrorLabel("TransientTransactionError"))
            {
                await session.AbortTransactionAsync(token);
            }
        }
    }

    public async Task<int> DeleteExpiresAsync(string table, DateTime timeout, int batchCount = 1000, CancellationToken token = default)
    {
        var old = new BsonDocument { { "ExpiresAt", new BsonDocument("$lt", timeout) }, { "StatusName", new BsonDocument("$in", new BsonArray { "Succeeded", "Failed" }) } };
        return (int)(await database.GetCollection<BsonDocument>(table).DeleteManyAsync(old, token)).DeletedCount;
    }

    public async Task<int> DeletePublishedMessageAsync(long id) => (int)(await _published.DeleteOneAsync(new BsonDocument("_id", id))).DeletedCount;

    public async Task<int> DeleteReceivedMessageAsync(long id) => (int)(await _received.DeleteOneAsync(new BsonDocument("_id", id))).DeletedCount;

    public IMonitoringApi GetMonitoringApi() => throw new NotSupportedException("CAP's dashboard is not used here.");

    private async Task<IEnumerable<MediumMessage>> ToRetryAsync(IMongoCollection<BsonDocument> collection, TimeSpan lookback)
    {
        var wanted = new BsonDocument
        {
            { "Retries", new BsonDocument("$lt", options.Value.FailedRetryCount) },
            { "Added", new BsonDocument("$lt", DateTime.UtcNow - lookback) },
            { "Version", options.Value.Version },
            { "StatusName", new BsonDocument("$in", new BsonArray { "Failed", "Scheduled" }) },
        };
        return (await collection.Find(wanted).Limit(MostRetried).ToListAsync()).ConvertAll(MessageOf);
    }

    private MediumMessage MessageOf(BsonDocument document) => new()
    {
        DbId = document["_id"].AsInt64.ToString(CultureInfo.InvariantCulture),
        Origin = serializer.Deserialize(document["Content"].AsString)!,
        Content = document["Content"].AsString,
        Retries = document["Retries"].AsInt32,
        Added = document["Added"].ToUniversalTime(),
        ExpiresAt = document["ExpiresAt"].ToNullableUniversalTime(),
    };

    private BsonDocument DocumentOf(MediumMessage message, long id, string name, StatusName status, string? group = null)
    {
        var document = new BsonDocument { { "_id", id }, { "Version", options.Value.Version }, { "Group", group, group is not null }, { "Name", name }, { "Content", message.Content }, { "Added", message.Added } };
        return document.AddRange(new BsonDocument { { "ExpiresAt", message.ExpiresAt is { } at ? new BsonDateTime(at) : BsonNull.Value }, { "Retries", message.Retries }, { "StatusName", status.ToString() } });
    }

    private static BsonDocument One(MediumMessage message) => new("_id", long.Parse(message.DbId, CultureInfo.InvariantCulture));

    private BsonDocument StateOf(MediumMessage message, StatusName state) => new("$set", new BsonDocument
    {
        { "Content", serializer.Serialize(message.Origin) },
        { "Retries", message.Retries },
        { "ExpiresAt", message.ExpiresAt is { } at ? new BsonDateTime(at) : BsonNull.Value },
        { "StatusName", state.ToString() },
    });
}
