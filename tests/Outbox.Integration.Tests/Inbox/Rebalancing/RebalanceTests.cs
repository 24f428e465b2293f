using Confluent.Kafka;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Inbox.Rebalancing;

/// <summary>On the embedded cluster, and on real brokers with OUTBOX_TEST_KAFKA: the group's coordinator is the brokers'.</summary>
public sealed class RebalanceTests
{
    private const int Orders = 20;
    private const int Amounts = 40;

    [Fact]
    public async Task G6_instances_that_join_and_leave_lose_nothing_and_each_effect_is_there_once_and_in_order()
    {
        var place = await TestPlace.SharedAsync(partitions: 6);
        var journals = new MongoClient(place.MongoDb).GetDatabase(place.Database).GetCollection<BsonDocument>(JournalInstance.Journals);
        var parked = journals.Database.GetCollection<BsonDocument>("inbox.parked");
        await using var first = await JournalInstance.StartAsync(place);
        var produced = Task.Run(() => ProduceAsync(place));
        await HasAsync(journals, 100);
        await using var second = await JournalInstance.StartAsync(place);
        await using var third = await JournalInstance.StartAsync(place);
        await HasAsync(journals, 300);
        await first.StopAsync();
        await HasAsync(journals, 500);
        await second.StopAsync();
        await produced;
        await HasAsync(journals, Orders * Amounts);

        var written = await journals.Find(FilterDefinition<BsonDocument>.Empty).ToListAsync();
        Assert.Equal(Orders, written.Count);
        Assert.All(written, order => Assert.Equal(Enumerable.Range(0, Amounts), order["amounts"].AsBsonArray.Select(amount => amount.ToInt32())));
        Assert.Equal(0, await parked.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
    }

    private static Task HasAsync(IMongoCollection<BsonDocument> journals, int amounts) => Eventually.TrueAsync(
        async () =>
        {
            var written = await journals.Find(FilterDefinition<BsonDocument>.Empty).ToListAsync();
            return written.Sum(order => order["amounts"].AsBsonArray.Count) >= amounts;
        },
        $"the orders have {amounts} amounts");

    private static async Task ProduceAsync(TestPlace place)
    {
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = place.Kafka, EnableIdempotence = true, LingerMs = 0 }).Build();
        for (var amount = 0; amount < Amounts; amount++)
        {
            await Task.WhenAll(Enumerable.Range(0, Orders).Select(order =>
                producer.ProduceAsync(place.Topic, Wire.Message($"o{order}-{amount}", new OrderPlaced($"o{order}", amount), version: amount + 1))));
        }
    }
}
