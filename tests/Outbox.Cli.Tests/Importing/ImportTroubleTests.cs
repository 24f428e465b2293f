using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Answers;
using Outbox.Cli.Tests.Running;
using Outbox.Cli.Tests.Servers;
using Outbox.Embedded;

namespace Outbox.Cli.Tests.Importing;

/// <summary>An import while a database server fails, or refuses: every message is in one of the two places, and what was begun is told.</summary>
public sealed class ImportTroubleTests : IAsyncLifetime
{
    private const int Outboxes = 30;
    private const int OfAnOutbox = 10;

    /// <summary>So long the import waits for the answer to its first commit, in which a test brings on the trouble.</summary>
    private static readonly TimeSpan Middle = TimeSpan.FromSeconds(4);

    private static readonly string[] Act = ["--reason", "moving over", "--yes"];
    private static readonly string[] UntilEmpty = ["import", "masstransit", "--topic", "orders", "--until-empty", "--every", "0.1s", "--timeout", "5", .. Act];

    private EmbeddedServers _servers = null!;
    private Shop _shop = null!;

    public async ValueTask InitializeAsync()
    {
        _servers = await EmbeddedServers.StartAsync();
        _shop = await Shop.StartAsync(relays: false, servers: _servers);
    }

    public async ValueTask DisposeAsync()
    {
        await _shop.DisposeAsync();
        await _servers.DisposeAsync();
    }

    [Fact]
    public async Task A_right_that_is_missing_is_named_and_what_was_marked_is_told()
    {
        await _shop.Documents.GetCollection<BsonDocument>("cap.published").InsertOneAsync(OldDocuments.Cap(4711, "orders"));
        await RefuseAsync("insert");
        var refused = await _shop.RunAsync(["import", "cap", "--settle", "0s", .. Act]);
        await RefuseAsync();

        Assert.Equal(ExitCode.NotPermitted, refused.Code);
        Assert.Contains("1 messages are marked and not moved yet: CAP leaves them alone until then.", refused.Error, StringComparison.Ordinal);
        Assert.Contains("acting readWrite", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, await _shop.CountAsync("outbox"));

        var allowed = await _shop.RunAsync(["import", "cap", "--settle", "0s", .. Act]);
        Assert.True(allowed.Code == ExitCode.Done, allowed.ToString());
        Assert.DoesNotContain("marked", allowed.Error, StringComparison.Ordinal);
        Assert.Equal((1, 0), (await _shop.CountAsync("outbox"), await _shop.CountAsync("cap.published")));
    }

    [Fact]
    public async Task An_import_that_goes_on_beside_a_relay_goes_on_behind_an_election()
    {
        var ids = await PendingAsync();
        _servers.MongoDb.Faults.DelayAnswer(Middle, 1, "commitTransaction");
        using var words = new Heard("It is tried again.");

        var running = CommandRun.OfAsync(_shop.Environment, words, CancellationToken.None, UntilEmpty);
        await _shop.HasAsync("outbox.audit");
        _servers.MongoDb.Faults.StepDown();
        await Task.WhenAny(words.Said, running);
        _servers.MongoDb.Faults.StepUp();
        var run = await running;

        Assert.True(words.Said.IsCompletedSuccessfully, run.ToString());
        Assert.True(run.Code == ExitCode.Done, run.ToString());
        await AllMovedOnceAsync(ids);
    }

    [Fact]
    public async Task Connections_that_break_at_random_and_a_rollback_leave_each_message_in_one_place()
    {
        var ids = await PendingAsync();
        _servers.MongoDb.Faults.DelayAnswer(Middle, 1, "commitTransaction");

        var running = CommandRun.OfAsync(_shop.Environment, UntilEmpty);
        await _shop.HasAsync("outbox.audit");
        _servers.MongoDb.Faults.HoldMajority();
        await _shop.HasAsync("outbox.audit", least: 2);
        var before = await AuditedAsync();
        await _servers.MongoDb.Faults.RollbackAsync();
        _servers.MongoDb.Faults.DropAtRandom(20261126, 0.05);
        var run = await running;
        _servers.MongoDb.Faults.DropAtRandom(0, 0);

        Assert.True(run.Code == ExitCode.Done, run.ToString());
        Assert.NotEmpty(before.ConvertAll(entry => entry["_id"]).Except((await AuditedAsync()).ConvertAll(entry => entry["_id"])));
        await AllMovedOnceAsync(ids);
    }

    [Fact]
    public async Task What_a_consumer_of_MassTransit_published_moves_under_the_lock_of_what_it_had_consumed()
    {
        var (consumed, consumer, ids) = (Guid.NewGuid(), Guid.NewGuid(), new[] { Guid.NewGuid(), Guid.NewGuid() });
        await _shop.Documents.GetCollection<BsonDocument>("inbox.states").InsertOneAsync(OldDocuments.MassTransitInboxState(consumed, consumer));
        await MessagesAsync(OldDocuments.MassTransitOfConsumer(consumed, consumer, ids[1], 2), OldDocuments.MassTransitOfConsumer(consumed, consumer, ids[0], 1));
        using var session = await _shop.Documents.Client.StartSessionAsync();
        session.StartTransaction();
        await _shop.Documents.GetCollection<BsonDocument>("inbox.states").UpdateOneAsync(session, new BsonDocument("MessageId", Binary(consumed)), new BsonDocument("$set", new BsonDocument("LockToken", ObjectId.GenerateNewId())));

        var locked = await _shop.RunAsync(["import", "masstransit", "--topic", "orders", "--entity", "$.orderId", .. Act]);
        await session.AbortTransactionAsync();
        var moved = await _shop.RunAsync(["import", "masstransit", "--topic", "orders", "--entity", "$.orderId", .. Act]);

        Assert.Equal((ExitCode.PartlyDone, ExitCode.Done), (locked.Code, moved.Code));
        Assert.Contains("the old relay has it locked", locked.Out, StringComparison.Ordinal);
        var messages = await _shop.Documents.GetCollection<BsonDocument>("outbox").Find(FilterDefinition<BsonDocument>.Empty).Sort(new BsonDocument("version", 1)).ToListAsync();
        Assert.Equal(ids.Select(id => id.ToString()), messages.Select(message => message["_id"].AsString));
        Assert.Equal((0, 1), (await _shop.CountAsync("outbox.messages"), await _shop.CountAsync("inbox.states")));
    }

    private static BsonBinaryData Binary(Guid id) => new(id, GuidRepresentation.Standard);

    private async Task<List<string>> PendingAsync()
    {
        var outboxes = Enumerable.Range(0, Outboxes).Select(_ => Guid.NewGuid()).ToList();
        var messages = outboxes.SelectMany(outbox => Enumerable.Range(1, OfAnOutbox).Select(number => OldDocuments.MassTransit(outbox, Guid.NewGuid(), number))).ToList();
        await _shop.Documents.GetCollection<BsonDocument>("outbox.states").InsertManyAsync(outboxes.Select(outbox => OldDocuments.MassTransitState(outbox)));
        await MessagesAsync(messages);
        return messages.ConvertAll(message => message["MessageId"].AsGuid.ToString());
    }

    private Task MessagesAsync(params IReadOnlyList<BsonDocument> messages) => _shop.Documents.GetCollection<BsonDocument>("outbox.messages").InsertManyAsync(messages);

    private async Task AllMovedOnceAsync(IReadOnlyList<string> ids)
    {
        var moved = await _shop.Documents.GetCollection<BsonDocument>("outbox").Find(FilterDefinition<BsonDocument>.Empty).ToListAsync();
        var audited = await AuditedAsync();

        Assert.Equal(ids.Order(StringComparer.Ordinal), moved.Select(message => message["_id"].AsString).Order(StringComparer.Ordinal));
        Assert.Equal(ids.Order(StringComparer.Ordinal), audited.SelectMany(entry => entry["messageIds"].AsBsonArray).Select(id => id.AsString).Order(StringComparer.Ordinal));
        Assert.Equal(0, await _shop.CountAsync("outbox.messages"));
    }

    private Task<List<BsonDocument>> AuditedAsync() => _shop.Documents.GetCollection<BsonDocument>("outbox.audit").Find(new BsonDocument("act", "import")).ToListAsync();

    /// <summary>Has the server refuse these commands to everybody.</summary>
    private Task RefuseAsync(params IReadOnlyList<string> commands)
    {
        var failPoint = new BsonDocument { { "configureFailPoint", "failCommand" }, { "mode", commands.Count == 0 ? "off" : "alwaysOn" } };
        if (commands.Count > 0)
        {
            failPoint["data"] = new BsonDocument { { "failCommands", new BsonArray(commands) }, { "errorCode", 13 } };
        }

        return _shop.Documents.Client.GetDatabase("admin").RunCommandAsync<BsonDocument>(failPoint);
    }
}
