using System.Text;
using Confluent.Kafka;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Answers;
using Outbox.Cli.Tests.Servers;

namespace Outbox.Cli.Tests.Importing;

/// <summary>What CAP has received and not processed goes to the endpoint that takes its place.</summary>
public sealed class ReceivedImportTests
{
    private static readonly string[] Import = ["import", "cap-received", "--reason", "moving over", "--yes", "--settle", "0s"];

    private readonly string _run = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task The_endpoint_processes_each_once_and_drops_what_it_has_processed_already()
    {
        await using var shop = await ShopAsync();
        await RecordAsync(shop, id: 7);
        await shop.HasAsync("inbox");
        await ReceivedAsync(shop, Of(shop, 101, id: 7), Of(shop, 102, id: 8), Of(shop, 103, id: 9, "Failed", retries: 3, exception: "TimeoutException-->too slow"));

        var run = await shop.RunAsync(Import);

        Assert.True(run.Code == ExitCode.Done, run.ToString());
        await Eventually.TrueAsync(async () => await CountAsync(shop, "inbox.parked") == 0, "the endpoint has taken all of them");
        Assert.Equal(3, await CountAsync(shop, "inbox"));
        Assert.All([7, 8, 9], id => Assert.Equal(1, BillingConsumer.Billed[Order(id)]));
        Assert.Equal(0, await CountAsync(shop, "cap.received"));
        var act = Assert.Single(await AllAsync(shop, "outbox.audit"));
        Assert.Equal("7 8 9", string.Join(' ', act["messageIds"].AsBsonArray.Select(id => id.AsString).Order()));
        Assert.Equal($"moved from {shop.Database}.cap.received into the inbox", act["outcome"].AsString);
    }

    [Fact]
    public async Task What_fails_here_too_is_parked_as_the_record_that_it_was()
    {
        await using var shop = await ShopAsync();
        await ReceivedAsync(shop, Of(shop, 101, id: 7, text: BillingConsumer.Poison));

        Assert.Equal(ExitCode.Done, (await shop.RunAsync(Import)).Code);

        BsonDocument? parked = null;
        await Eventually.TrueAsync(async () => (parked = (await AllAsync(shop, "inbox.parked")).Find(one => one["error"].AsString.Contains("cannot be billed", StringComparison.Ordinal))) is not null, "it is parked by the endpoint");
        Assert.Equal(("7", "7", shop.Topic, shop.Endpoint), (parked!["messageId"].AsString, Encoding.UTF8.GetString(parked["key"].AsByteArray), parked["topic"].AsString, parked["endpoint"].AsString));
        Assert.Equal($$"""{"OrderId":"{{Order(7)}}","Text":"poison"}""", Encoding.UTF8.GetString(parked["value"].AsByteArray));
        var headers = parked["headers"].AsBsonArray.ToDictionary(header => header["name"].AsString, header => Encoding.UTF8.GetString(header["value"].AsByteArray));
        Assert.Equal(("acme", shop.Topic, "OrderPlaced"), (headers["tenant"], headers["cap-msg-name"], headers["cap-msg-type"]));
        Assert.DoesNotContain(headers.Keys, name => name is "cap-msg-group" or "cap-exec-instance-id" or "cap-exception");
    }

    [Fact]
    public async Task What_Cap_could_not_read_comes_back_as_the_bytes_that_it_kept()
    {
        await using var shop = await ShopAsync();
        var body = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"OrderId":"{{Order(7)}}","Text":"fine"}"""));
        await ReceivedAsync(shop, Of(shop, 101, id: 7, "Failed", retries: 50, exception: "SerializationException-->no such type", dataUri: $"data:OrderPlaced;base64,{body}"));

        var kept = await shop.RunAsync(Import);
        Assert.Equal(ExitCode.PartlyDone, kept.Code);
        Assert.Contains("--given-up", kept.Out, StringComparison.Ordinal);
        var moved = await shop.RunAsync([.. Import, "--given-up"]);

        Assert.True(moved.Code == ExitCode.Done, moved.ToString());
        await Eventually.TrueAsync(() => Task.FromResult(BillingConsumer.Billed.ContainsKey(Order(7))), "it is billed");
    }

    [Fact]
    public async Task Without_an_endpoint_that_consumes_its_topic_it_stays_and_is_told()
    {
        await using var shop = await ShopAsync();
        await ReceivedAsync(shop, OldDocuments.CapReceived(101, 7, "payments"), Of(shop, 102, id: 8));

        var other = await shop.RunAsync([.. Import, "--endpoint", "shop.v1=shipping"]);
        var run = await shop.RunAsync(Import);

        Assert.Equal((ExitCode.PartlyDone, ExitCode.PartlyDone), (other.Code, run.Code));
        Assert.Contains("no endpoint 'shipping' has consumed", other.Out, StringComparison.Ordinal);
        Assert.Contains("no endpoint has consumed topic 'payments'", run.Out, StringComparison.Ordinal);
        Assert.Equal(101, Assert.Single(await AllAsync(shop, "cap.received"))["_id"].AsInt64);
    }

    [Fact]
    public async Task It_is_taken_under_the_lock_of_the_retries_of_what_was_received_and_of_no_other()
    {
        await using var shop = await ShopAsync();
        var locks = shop.Documents.GetCollection<BsonDocument>("cap.lock");
        await locks.InsertManyAsync([OldDocuments.CapLock(), OldDocuments.CapLock("received_retry")]);
        await locks.UpdateOneAsync(new BsonDocument("_id", "publish_retry_v1"), new BsonDocument("$set", new BsonDocument { { "Instance", "shop-1" }, { "LastLockTime", DateTime.UtcNow.AddDays(1) } }));
        await ReceivedAsync(shop, Of(shop, 101, id: 7), Of(shop, 102, id: 8, age: TimeSpan.FromSeconds(5)));

        var run = await shop.RunAsync(Import);

        Assert.Equal(ExitCode.PartlyDone, run.Code);
        Assert.Contains("in the memory of the process that stored it", run.Out, StringComparison.Ordinal);
        Assert.Equal(102, Assert.Single(await AllAsync(shop, "cap.received"))["_id"].AsInt64);
        Assert.Equal(["", "shop-1"], (await AllAsync(shop, "cap.lock")).Select(one => one["Instance"].AsString).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_import_of_what_was_published_tells_that_there_is_more_that_was_received()
    {
        await using var shop = await Shop.StartAsync(relays: false);
        await shop.Documents.CreateCollectionAsync("cap.published");
        var nothing = await shop.RunAsync("import", "cap");
        await ReceivedAsync(shop, Of(shop, 101, id: 7), Of(shop, 102, id: 8, "Succeeded"));

        var run = await shop.RunAsync("import", "cap");

        Assert.DoesNotContain("cap-received", nothing.Out + nothing.Error, StringComparison.Ordinal);
        Assert.Contains("cap.received has one message that CAP has not processed: outbox import cap-received moves what is there.", run.Out + run.Error, StringComparison.Ordinal);
    }

    private static async Task<Shop> ShopAsync()
    {
        var shop = await Shop.StartAsync(relays: false, consumes: true);
        await shop.HasAsync("inbox.endpoints");
        return shop;
    }

    private string Order(long id) => $"{_run}-{id}";

    private BsonDocument Of(Shop shop, long number, long id, string status = "Scheduled", TimeSpan? age = null, int retries = 0, string text = "fine", string? exception = null, string? dataUri = null) =>
        OldDocuments.CapReceived(number, id, shop.Topic, status, age, retries, text, Order(id), exception, dataUri);

    /// <summary>The same message once more on Kafka, as CAP's publisher has it.</summary>
    private async Task RecordAsync(Shop shop, long id)
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = shop.Environment["OUTBOX_KAFKA"] }).Build();
        var headers = new Headers { { "cap-msg-id", Encoding.UTF8.GetBytes($"{id}") }, { "cap-msg-name", Encoding.UTF8.GetBytes(shop.Topic) }, { "cap-msg-type", "OrderPlaced"u8.ToArray() } };
        await producer.ProduceAsync(shop.Topic, new Message<string, string> { Key = $"{id}", Value = $$"""{"OrderId":"{{Order(id)}}","Text":"fine"}""", Headers = headers });
    }

    private static Task ReceivedAsync(Shop shop, params IReadOnlyList<BsonDocument> documents) => shop.Documents.GetCollection<BsonDocument>("cap.received").InsertManyAsync(documents);

    private static Task<List<BsonDocument>> AllAsync(Shop shop, string collection) => shop.Documents.GetCollection<BsonDocument>(collection).Find(FilterDefinition<BsonDocument>.Empty).ToListAsync();

    private static Task<long> CountAsync(Shop shop, string collection) => shop.Documents.GetCollection<BsonDocument>(collection).CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty);
}
