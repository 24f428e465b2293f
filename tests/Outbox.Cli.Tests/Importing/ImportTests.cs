using System.Text.Json;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Answers;
using Outbox.Cli.Tests.Running;
using Outbox.Cli.Tests.Servers;

namespace Outbox.Cli.Tests.Importing;

/// <summary>What an import takes, leaves and says.</summary>
public sealed class ImportTests
{
    private static readonly string[] Act = ["--reason", "moving over", "--yes"];

    [Fact]
    public async Task Nothing_is_done_until_yes_is_said()
    {
        await using var shop = await Shop.StartAsync(relays: false);
        await PendingAsync(shop, OldDocuments.Cap(4711, "orders"), OldDocuments.Cap(4712, "orders"));

        var run = await shop.RunAsync("import", "cap", "--output", "json");

        Assert.Equal(ExitCode.Done, run.Code);
        var row = JsonDocument.Parse(run.Out).RootElement[0];
        Assert.Equal(("ready", "order-placed", "orders", 2), (row.GetProperty("fate").GetString(), row.GetProperty("type").GetString(), row.GetProperty("topic").GetString(), row.GetProperty("messages").GetInt32()));
        Assert.Equal(2, await CountAsync(shop, "cap.published"));
        Assert.Equal(0, await CountAsync(shop, "outbox"));
        Assert.Equal(0, await CountAsync(shop, "outbox.audit"));
    }

    [Fact]
    public async Task A_message_of_Cap_keeps_its_id_key_headers_and_topic_and_the_act_is_in_the_audit()
    {
        await using var shop = await Shop.StartAsync(relays: false);
        await PendingAsync(shop, OldDocuments.Cap(4711, "orders", key: "customer-9"));

        var run = await shop.RunAsync(["import", "cap", "--settle", "0s", .. Act]);

        Assert.True(run.Code == ExitCode.Done, run.ToString());
        var message = Assert.Single(await AllAsync(shop, "outbox"));
        Assert.Equal(
            ("4711", "orders", "customer-9", "order-placed", "cap", 1L),
            (message["_id"].AsString, message["topic"].AsString, message["entityId"].AsString, message["type"].AsString, message["format"].AsString, message["version"].AsInt64));
        Assert.Equal("""{"OrderId":"order-4711","Text":"fine"}""", message["payload"].AsString);
        Assert.Equal(("acme", "4711"), (message["headers"]["tenant"].AsString, message["headers"]["correlationId"].AsString));
        Assert.Equal(0, await CountAsync(shop, "cap.published"));
        var act = Assert.Single(await AllAsync(shop, "outbox.audit"));
        Assert.Equal(("import", "moving over", "4711"), (act["act"].AsString, act["reason"].AsString, act["messageIds"][0].AsString));
    }

    [Fact]
    public async Task What_is_delayed_waits_for_its_time_in_our_outbox()
    {
        await using var shop = await Shop.StartAsync(relays: false);
        var due = DateTime.UtcNow.AddHours(1);
        await PendingAsync(shop, OldDocuments.Cap(4711, "orders", "Delayed", TimeSpan.Zero, expiresAt: due));

        var run = await shop.RunAsync(["import", "cap", .. Act]);

        Assert.True(run.Code == ExitCode.Done, run.ToString());
        var message = Assert.Single(await AllAsync(shop, "outbox"));
        Assert.True(message["lane"].AsInt32 < 0);
        Assert.Equal(due, message["notBefore"].ToUniversalTime(), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task What_a_process_of_Cap_has_in_its_memory_stays_with_it_and_what_it_sends_in_spite_of_a_mark_is_not_sent_again()
    {
        await using var shop = await Shop.StartAsync(relays: false);
        await PendingAsync(shop, OldDocuments.Cap(4711, "orders", age: TimeSpan.FromSeconds(5)), OldDocuments.Cap(4712, "orders"));
        var sent = new List<long>();
        var old = new OldCap(shop.Documents, message => { sent.Add(message["_id"].AsInt64); return Task.CompletedTask; });
        var inMemory = Assert.Single(await old.ReadAsync());

        using var stop = new CancellationTokenSource();
        var first = CommandRun.OfAsync(shop.Environment, stop.Token, ["import", "cap", "--settle", "1h", .. Act]);
        await Eventually.TrueAsync(async () => (await AllAsync(shop, "cap.published")).Exists(message => message["Version"].AsString.StartsWith("v1>", StringComparison.Ordinal)), "4712 is marked");
        Assert.Empty(await old.ReadAsync());
        await old.SendAsync(inMemory);
        await stop.CancelAsync();
        await first;
        var second = await shop.RunAsync(["import", "cap", "--settle", "0s", .. Act]);

        Assert.Equal(ExitCode.PartlyDone, second.Code);
        Assert.Equal([4712], sent);
        Assert.Equal(0, await CountAsync(shop, "outbox"));
        Assert.All(await AllAsync(shop, "cap.published"), message => Assert.Equal("v1", message["Version"].AsString));
        Assert.Contains("in the memory of the process", second.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(GuidRepresentation.Standard)]
    [InlineData(GuidRepresentation.CSharpLegacy)]
    public async Task A_message_of_MassTransit_keeps_its_id_conversation_trace_and_order(GuidRepresentation guids)
    {
        await using var shop = await Shop.StartAsync(relays: false);
        var (outbox, ids) = (Guid.NewGuid(), new[] { Guid.NewGuid(), Guid.NewGuid() });
        await shop.Documents.GetCollection<BsonDocument>("outbox.states").InsertOneAsync(OldDocuments.MassTransitState(outbox, guids));
        await PendingAsync(shop, OldDocuments.MassTransit(outbox, ids[1], 2, guids: guids), OldDocuments.MassTransit(outbox, ids[0], 1, guids: guids));

        var run = await shop.RunAsync(["import", "masstransit", "--topic", "OrderPlaced=orders", "--entity", "$.orderId", "--entity-type", "order", .. Act]);

        Assert.True(run.Code == ExitCode.Done, run.ToString());
        var messages = (await AllAsync(shop, "outbox")).OrderBy(message => message["version"]).ToList();
        Assert.Equal(ids.Select(id => id.ToString()), messages.Select(message => message["_id"].AsString));
        Assert.Equal([1L, 2L], messages.Select(message => message["version"].AsInt64));
        Assert.All(messages, message => Assert.Equal(("order", "order-1", "orders", "order-placed", "massTransit"), (message["entityType"].AsString, message["entityId"].AsString, message["topic"].AsString, message["type"].AsString, message["format"].AsString)));
        Assert.Equal("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", messages[0]["headers"]["traceparent"].AsString);
        Assert.Equal(ids[0].ToString(), messages[0]["headers"]["correlationId"].AsString);
        Assert.Equal(0, await CountAsync(shop, "outbox.messages"));
    }

    [Fact]
    public async Task What_the_old_relay_has_locked_waits()
    {
        await using var shop = await Shop.StartAsync(relays: false);
        var outbox = Guid.NewGuid();
        await shop.Documents.GetCollection<BsonDocument>("outbox.states").InsertOneAsync(OldDocuments.MassTransitState(outbox));
        await PendingAsync(shop, OldDocuments.MassTransit(outbox, Guid.NewGuid(), 1), OldDocuments.MassTransit(Guid.NewGuid(), Guid.NewGuid(), 1));
        using var session = await shop.Documents.Client.StartSessionAsync();
        session.StartTransaction();
        await shop.Documents.GetCollection<BsonDocument>("outbox.states").UpdateOneAsync(session, new BsonDocument(), new BsonDocument("$set", new BsonDocument("LockToken", ObjectId.GenerateNewId())));

        var run = await shop.RunAsync(["import", "masstransit", "--topic", "orders", .. Act]);
        await session.AbortTransactionAsync();

        Assert.Equal(ExitCode.PartlyDone, run.Code);
        Assert.Contains("the old relay has it locked", run.Out, StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync(shop, "outbox"));
        Assert.Equal(1, await CountAsync(shop, "outbox.messages"));
    }

    [Fact]
    public async Task What_cannot_be_read_or_has_no_topic_stays_and_is_told()
    {
        await using var shop = await Shop.StartAsync(relays: false);
        var binary = OldDocuments.MassTransit(Guid.NewGuid(), Guid.NewGuid(), 1);
        binary["ContentType"] = "application/vnd.masstransit+bson";
        await PendingAsync(shop, binary, OldDocuments.MassTransit(Guid.NewGuid(), Guid.NewGuid(), 1), new BsonDocument { { "_id", "foreign" }, { "OutboxId", "none" } });

        var run = await shop.RunAsync(["import", "masstransit", .. Act]);

        Assert.Equal(ExitCode.PartlyDone, run.Code);
        Assert.Contains("only JSON can be read", run.Out, StringComparison.Ordinal);
        Assert.Contains("--topic OrderPlaced=", run.Out, StringComparison.Ordinal);
        Assert.Contains("foreign", run.Out, StringComparison.Ordinal);
        Assert.Equal(3, await CountAsync(shop, "outbox.messages"));
    }

    [Fact]
    public async Task An_id_that_the_outbox_has_already_stays_and_holds_up_no_other()
    {
        await using var shop = await Shop.StartAsync(relays: false);
        await PendingAsync(shop, OldDocuments.Cap(1, "orders"), OldDocuments.Cap(2, "orders"));
        Assert.Equal(ExitCode.Done, (await shop.RunAsync(["import", "cap", "--settle", "0s", .. Act])).Code);
        await PendingAsync(shop, OldDocuments.Cap(2, "orders"), OldDocuments.Cap(3, "orders"));

        var run = await shop.RunAsync(["import", "cap", "--settle", "0s", .. Act]);

        Assert.Equal(ExitCode.PartlyDone, run.Code);
        Assert.Contains("The outbox has a message 2 already", run.Out, StringComparison.Ordinal);
        Assert.Equal(["1", "2", "3"], (await AllAsync(shop, "outbox")).Select(message => message["_id"].AsString).Order());
    }

    [Fact]
    public async Task A_collection_that_is_not_there_is_not_taken_for_an_empty_outbox()
    {
        await using var shop = await Shop.StartAsync(relays: false);

        var run = await shop.RunAsync("import", "cap", "--published", "cap.publisht");

        Assert.Equal(ExitCode.NotFound, run.Code);
        Assert.Contains("There is no collection 'cap.publisht'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_needs_a_reason()
    {
        await using var shop = await Shop.StartAsync(relays: false);

        Assert.Equal(ExitCode.Usage, (await shop.RunAsync("import", "cap", "--yes")).Code);
    }

    [Fact]
    public async Task A_server_that_is_down_is_told()
    {
        var run = await CommandRun.OfAsync(new Dictionary<string, string> { ["OUTBOX_MONGODB"] = "mongodb://127.0.0.1:1/orders" }, "import", "cap", "--timeout", "1");

        Assert.Equal(ExitCode.Unreachable, run.Code);
    }

    private static Task PendingAsync(Shop shop, params IReadOnlyList<BsonDocument> documents) =>
        shop.Documents.GetCollection<BsonDocument>(documents[0].Contains("StatusName") ? "cap.published" : "outbox.messages").InsertManyAsync(documents);

    private static Task<List<BsonDocument>> AllAsync(Shop shop, string collection) => shop.Documents.GetCollection<BsonDocument>(collection).Find(FilterDefinition<BsonDocument>.Empty).ToListAsync();

    private static Task<long> CountAsync(Shop shop, string collection) => shop.Documents.GetCollection<BsonDocument>(collection).CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty);
}
