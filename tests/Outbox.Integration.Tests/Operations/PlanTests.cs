using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Events;
using Outbox.Integration.Tests.Servers;
using Outbox.Messages;
using Outbox.MongoDb.Installation;
using Outbox.Operations.Auditing;
using Outbox.Operations.Pausing;

namespace Outbox.Integration.Tests.Operations;

/// <summary>Every query goes along an index: none reads a collection from end to end, and none sorts.</summary>
[Trait("Broker", "none")]
public sealed class PlanTests
{
    private static readonly string[] Reads = ["find", "aggregate", "count"];
    private static readonly string[] OfTheSession = ["lsid", "$db", "$clusterTime", "$readPreference", "readConcern", "txnNumber"];

    [Fact]
    public async Task Explanations_pauses_and_audit_read_along_indexes()
    {
        var commands = new ConcurrentQueue<BsonDocument>();
        var settings = MongoClientSettings.FromConnectionString((await MongoDbServer.GetAsync()).ConnectionString);
        settings.ClusterConfigurator = cluster => cluster.Subscribe<CommandStartedEvent>(x =>
        {
            if (Reads.Contains(x.CommandName))
            {
                commands.Enqueue((BsonDocument)x.Command.DeepClone());
            }
        });
        await using var asked = await Asked.OfAsync($"t{Guid.NewGuid():N}", "messaging.", services => services.AddOwnClient(settings));
        await asked.Get<MongoInstaller>().InstallAsync();
        var database = asked.Get<IMongoDatabase>();
        await FillAsync(database);
        await asked.Pauses.PauseAsync(new PauseRequest(PauseTarget.Relay, "x"));
        commands.Clear();

        await asked.Explain.ExplainAsync("m1");
        await asked.Explain.ExplainAsync("p1");
        await asked.Explain.ExplainAsync(new Entity("order", "o1"));
        await asked.Explain.ExplainAsync("o1");
        await asked.Pauses.ListPausesAsync();
        await Assert.ThrowsAsync<OutboxException>(() => asked.Pauses.PauseAsync(new PauseRequest(PauseTarget.Endpoint("none"), "x")));
        var audit = asked.Get<IAudit>();
        AuditFilter[] filters = [new(), new() { By = "ann" }, new() { MessageId = "m" }, new() { EntityId = "e" }, new() { OperationId = "o" }, new() { Act = AuditActs.Pause, From = DateTimeOffset.UnixEpoch }];
        foreach (var filter in filters)
        {
            await audit.AuditAsync(filter);
            await audit.AuditAsync(filter, Outbox.Operations.PageCursor.Write(DateTime.UtcNow.Ticks.ToString(System.Globalization.CultureInfo.InvariantCulture), ObjectId.Empty.ToString()));
        }

        Assert.InRange(commands.Count, 30, 500);
        foreach (var command in commands)
        {
            var plan = await PlanAsync(database, command);
            Assert.False(plan.Contains("COLLSCAN", StringComparison.Ordinal) || plan.Contains("\"SORT\"", StringComparison.Ordinal), $"{command}\n{plan}");
        }
    }

    /// <summary>So that every question is asked.</summary>
    private static async Task FillAsync(IMongoDatabase database)
    {
        var lane = Outbox.Delivery.Leases.Lane.Of("o1", 8);
        var message = new BsonDocument
        {
            { "_id", "m1" }, { "lane", lane }, { "topic", "orders" }, { "entityType", "order" }, { "entityId", "o1" }, { "version", 1L }, { "ordinal", 0 }, { "intent", "event" }, { "type", "order-placed" },
            { "timestamp", DateTime.UtcNow },
        };
        await database.GetCollection<BsonDocument>("messaging.outbox").InsertOneAsync(message);
        await database.GetCollection<BsonDocument>("messaging.outbox.sent").InsertOneAsync(new BsonDocument(message) { { "sentAt", DateTime.UtcNow } });
        await database.GetCollection<BsonDocument>("messaging.inbox").InsertOneAsync(new BsonDocument
        {
            { "_id", new BsonDocument { { "endpoint", "shipping" }, { "messageId", "m1" } } }, { "outcome", "processed" }, { "processedAt", DateTime.UtcNow },
        });
        await database.GetCollection<BsonDocument>("messaging.inbox.sequences").InsertOneAsync(new BsonDocument
        {
            { "_id", new BsonDocument { { "endpoint", "shipping" }, { "topic", "orders" }, { "entityType", "order" }, { "entityId", "o1" } } }, { "version", 1L }, { "waits", true },
        });
        await database.GetCollection<BsonDocument>("messaging.inbox.parked").InsertOneAsync(new BsonDocument
        {
            { "endpoint", "shipping" }, { "topic", "orders" }, { "partition", 0 }, { "offset", 1L }, { "reason", "gap" }, { "entityType", "order" }, { "entityId", "o1" }, { "version", 3L },
            { "messageId", "p1" }, { "error", "early" }, { "attempts", 0 }, { "parkedAt", DateTime.UtcNow },
        });
    }

    private static async Task<string> PlanAsync(IMongoDatabase database, BsonDocument command)
    {
        var plain = new BsonDocument(command.Where(field => !OfTheSession.Contains(field.Name)));
        var explained = await database.RunCommandAsync<BsonDocument>(new BsonDocument { { "explain", plain }, { "verbosity", "queryPlanner" } });
        return explained.Contains("queryPlanner") ? explained["queryPlanner"]["winningPlan"].ToJson() : explained.ToJson();
    }
}
