using System.Text.Json;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Answers;
using Outbox.Cli.Tests.Running;
using Outbox.Cli.Tests.Servers;

namespace Outbox.Cli.Tests.Importing.RealCap;

/// <summary>Moving over from CAP itself, while it runs.</summary>
public sealed class RealCapTests
{
    private const int Orders = 400;
    private const int SentByCap = 20;
    private const int Partitions = 2;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_Cap_has_pending_is_published_once_by_it_or_by_us_and_its_subscribers_read_both(bool usesStorageLock)
    {
        await using var shop = await Shop.StartAsync();
        await using var cap = await CapService.StartAsync(shop, usesStorageLock);
        cap.Transport.Allow(0);
        await Parallel.ForAsync(0, Orders, async (number, stop) => await cap.Publisher.PublishAsync(Billing.Topic, new OrderPlaced($"order-{number}", "fine"), new Dictionary<string, string?> { ["tenant"] = "acme", ["cap-kafka-key"] = number % 2 == 0 ? $"customer-{number % 10}" : null }, stop));
        await cap.Publisher.PublishDelayAsync(TimeSpan.FromHours(1), Billing.Topic, new OrderPlaced("later", "fine"));
        await Eventually.TrueAsync(async () => await shop.CountAsync("cap.published", new BsonDocument("StatusName", "Failed")) == Orders, "CAP has tried in vain");

        cap.Transport.Allow(SentByCap);
        await Eventually.TrueAsync(() => Task.FromResult(cap.Transport.Sent.Count == SentByCap), "CAP's retries send some");
        var importing = shop.RunAsync("import", "cap", "--lookback", "3s", "--settle", "10s", "--retries", "100000", "--until-empty", "--every", "0.1s", "--reason", "moving over", "--yes");
        await Eventually.TrueAsync(async () => await shop.CountAsync("cap.published", new BsonDocument("Version", new BsonRegularExpression(">outbox@"))) > 0, "the import has marked some");
        cap.Transport.Allow(int.MaxValue);
        var run = await importing;

        Assert.True(run.Code == ExitCode.Done, run.ToString());
        await Eventually.TrueAsync(() => Task.FromResult(cap.Billed.Billed.Count == Orders), "CAP's subscriber has billed all");
        await Eventually.TrueAsync(async () => await shop.CountAsync("outbox") == 1, "only the delayed one waits in our outbox");
        var records = Records.All(shop.Environment["OUTBOX_KAFKA"], shop.Topic, Partitions).Select(record => record.Message.Headers).ToList();
        // CAP's own retries overlap where it is slow, and may send one of theirs twice.
        var ours = records.Where(record => record.Text("entityId") is not null).Select(record => record.Text("cap-msg-id")!).ToList();
        Assert.Equal(ours.Count, ours.Distinct().Count());
        Assert.Empty(ours.Intersect(cap.Transport.Sent));
        Assert.Equal(Orders, ours.Union(cap.Transport.Sent).Count());
        Assert.InRange(ours.Count, 1, Orders - SentByCap);
        var delayed = await shop.Documents.GetCollection<BsonDocument>("outbox").Find(FilterDefinition<BsonDocument>.Empty).SingleAsync();
        Assert.InRange(delayed["notBefore"].ToUniversalTime() - DateTime.UtcNow, TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(60));
        Assert.Equal("later", JsonDocument.Parse(delayed["payload"].AsString).RootElement.GetProperty("OrderId").GetString());
    }

    [Fact]
    public async Task What_Cap_has_received_and_could_not_process_is_processed_once_by_our_endpoint()
    {
        await using var shop = await Shop.StartAsync(relays: false, consumes: true);
        await shop.HasAsync("inbox.endpoints");
        Assert.Equal(ExitCode.Done, (await shop.RunAsync("pause", "endpoint", shop.Endpoint, "--reason", "CAP has it yet", "--for", "1h")).Code);
        var orders = Enumerable.Range(0, 20).Select(_ => Guid.NewGuid().ToString()).ToList();
        var received = new List<BsonDocument>();
        // What CAP is trying while it ends it takes for processed: a subscriber that is cancelled has succeeded. So they are at rest by then, behind their first three attempts.
        await using (var cap = await CapService.StartAsync(shop, usesStorageLock: true))
        {
            cap.Billed.IsBroken = true;
            foreach (var order in orders)
            {
                await cap.Publisher.PublishAsync(Billing.Topic, new OrderPlaced(order, "fine"));
            }

            await Eventually.TrueAsync(async () => AreAtRest(received = await ReceivedAsync(shop), orders), "CAP has received all of them, and failed");
        }

        var run = await shop.RunAsync("import", "cap-received", "--lookback", "0s", "--settle", "0s", "--reason", "moving over", "--yes");
        Assert.True(run.Code == ExitCode.Done, run.ToString());
        Assert.Empty(await ReceivedAsync(shop));
        Assert.Equal(received.Count, await shop.CountAsync("inbox.parked"));
        Assert.Equal(ExitCode.Done, (await shop.RunAsync("resume", "endpoint", shop.Endpoint, "--reason", "CAP has ended")).Code);

        await Eventually.TrueAsync(async () => await shop.CountAsync("inbox.parked") == 0 && await shop.CountAsync("inbox") == orders.Count, "our endpoint has processed them");
        Assert.All(orders, order => Assert.Equal(1, BillingConsumer.Billed[order]));
    }

    private static Task<List<BsonDocument>> ReceivedAsync(Shop shop) => shop.Documents.GetCollection<BsonDocument>("cap.received").Find(FilterDefinition<BsonDocument>.Empty).ToListAsync();

    /// <summary>Kafka may deliver one twice, and CAP keeps it twice then.</summary>
    private static bool AreAtRest(List<BsonDocument> received, List<string> orders) =>
        received.All(document => document["StatusName"] == "Failed" && document["Retries"] == 3)
        && orders.All(order => received.Exists(document => document["Content"].AsString.Contains(order, StringComparison.Ordinal)));
}
