using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Embedded.Kafka;
using Outbox.Embedded.MongoDb;
using Outbox.Integration.Tests.Servers;
using Outbox.Kafka;
using Outbox.Kafka.Delivery;
using Outbox.Kafka.Delivery.Places;

namespace Outbox.Integration.Tests.Delivery.Faults;

/// <summary>Servers that fail under the relay. On embedded servers of the tests' own, because they are made to fail.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private readonly KafkaCluster _kafka = KafkaCluster.Start();
    private MongoServer _mongo = null!;
    private TestPlace _place = null!;

    public async ValueTask InitializeAsync()
    {
        _mongo = await MongoServer.StartAsync();
        _kafka.CreateTopic("orders", 1);
        _place = new TestPlace(_mongo.ConnectionString, _kafka.BootstrapServers, "orders", "orders");
    }

    public async ValueTask DisposeAsync()
    {
        await _kafka.DisposeAsync();
        await _mongo.DisposeAsync();
    }

    [Fact]
    public async Task G2_a_message_that_only_the_primary_has_is_not_published_and_a_rolled_back_one_never()
    {
        var probe = new RelayProbe();
        await using var service = await TestService.StartAsync(replace: probe.Attach, place: _place);
        var template = await CapturedAsync(service);
        await RelayingAsync(service);
        _mongo.Faults.HoldMajority();
        await InsertAsync(service, template, "phantom");
        await probe.SweptAsync(times: 2);
        Assert.DoesNotContain(await service.ReadTopicAsync(), record => record.Header("messageId") == "phantom");

        await _mongo.Faults.RollbackAsync();
        await service.PublishAsync("o2", 1);
        await Eventually.DrainedAsync(service);

        Assert.DoesNotContain(await service.ReadTopicAsync(), record => record.Header("messageId") == "phantom");
    }

    [Fact]
    public async Task G2_a_message_is_published_once_a_majority_has_it()
    {
        await using var service = await TestService.StartAsync(place: _place);
        var template = await CapturedAsync(service);
        await RelayingAsync(service);
        var hold = _mongo.Faults.HoldMajority();
        await InsertAsync(service, template, "late");
        hold.Dispose();
        await Eventually.DrainedAsync(service);

        Assert.Contains(await service.ReadTopicAsync(), record => record.Header("messageId") == "late");
    }

    [Fact]
    public async Task G10_when_kafka_is_down_nothing_is_lost_or_parked_and_the_relay_recovers_by_itself()
    {
        var probe = new RelayProbe();
        await using var service = await TestService.StartAsync(o => o.LeaseDuration = TimeSpan.FromSeconds(2), probe.Attach, place: _place);
        await service.PublishAsync("o0", 1);
        await Eventually.DrainedAsync(service);
        _kafka.BrokerDown(1);
        for (var entity = 1; entity <= 20; entity++)
        {
            await service.PublishAsync($"o{entity}", 1, 2, 3);
        }

        await probe.FailedAsync(times: 3);
        Assert.Equal(60, await service.Messages.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
        _kafka.BrokerUp(1);
        await Eventually.DrainedAsync(service);

        Delivered.AssertCompleteAndOrdered((await service.ReadTopicAsync()).Where(record => record.Message.Key != "o0"), entities: 20, versions: 3);
        Assert.Equal(0, await service.Database.GetCollection<BsonDocument>("outbox.parked").CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
    }

    [Fact]
    public async Task G5_a_partition_that_takes_nothing_holds_back_its_own_messages_and_parks_nothing()
    {
        _kafka.CreateTopic("split", 2);
        var place = _place with { Topic = "split", Database = "split" };
        void Settings(OutboxConfigurator o)
        {
            o.LeaseDuration = TimeSpan.FromSeconds(2);
            o.QueryMessageLimit = 2;
            o.Set(x => x.MaxRetryDelay = TimeSpan.FromSeconds(1));
        }

        await using var service = await TestService.StartAsync(Settings, OneRequest, place: place);
        var partitions = await PartitionsAsync(service, Enumerable.Range(0, 30).Select(n => $"o{n}"));
        _kafka.Fail(KafkaRequest.Produce, new TopicPartition("split", 0), [.. Enumerable.Repeat(ErrorCode.NotEnoughReplicas, 40)]);
        var (dead, alive) = (partitions.Where(p => p.Value == 0).ToList(), partitions.Where(p => p.Value == 1).ToList());
        Assert.All(new[] { dead, alive }, half => Assert.True(half.Count > 5));

        // Whole pages are for the partition that takes nothing.
        foreach (var (entity, _) in dead)
        {
            await service.PublishAsync(entity, 2);
        }

        foreach (var (entity, _) in alive.Take(6))
        {
            await service.PublishAsync(entity, 2);
            await Eventually.TrueAsync(
                async () => (await service.ReadTopicAsync()).Any(r => r.Message.Key == entity && r.Header("version") == "2"), "the other partition's message goes through");
        }

        await Eventually.TrueAsync(
            async () => await service.Messages.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty) == dead.Count, "only the dead partition's messages are left");
        await Eventually.TrueAsync(async () => await service.Messages.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty) == 0, "the outbox is empty");
        Assert.Equal(0, await service.Database.GetCollection<BsonDocument>("outbox.parked").CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
    }

    [Fact]
    public async Task G10_a_failover_of_the_database_delays_messages_and_loses_none()
    {
        await using var service = await TestService.StartAsync(o => o.LeaseDuration = TimeSpan.FromSeconds(2), place: _place);
        var writing = Task.Run(async () =>
        {
            for (var version = 1; version <= 200; version++)
            {
                await service.PublishAsync($"o{version % 5}", ((version - 1) / 5) + 1);
            }
        });
        await Eventually.TrueAsync(async () => (await service.ReadTopicAsync()).Count > 20, "messages flow");
        _mongo.Faults.StepDown();
        await Eventually.TrueAsync(async () => !await IsPrimaryAsync(), "the primary has stepped down");
        _mongo.Faults.StepUp();

        await writing;
        await Eventually.DrainedAsync(service);

        Delivered.AssertCompleteAndOrdered(await service.ReadTopicAsync(), entities: 5, versions: 40);
    }

    [Fact]
    public async Task G10_connections_that_break_at_random_lose_nothing_and_keep_the_order()
    {
        await using var service = await TestService.StartAsync(o => o.LeaseDuration = TimeSpan.FromSeconds(2), place: _place);
        _mongo.Faults.DropAtRandom(seed: 7, probability: 0.03);
        for (var version = 1; version <= 100; version++)
        {
            var (entity, number) = ($"o{version % 5}", ((version - 1) / 5) + 1);
            await service.PublishAsync(entity, number);
        }

        _mongo.Faults.DropAtRandom(seed: 7, probability: 0);
        await Eventually.DrainedAsync(service);

        Delivered.AssertCompleteAndOrdered(await service.ReadTopicAsync(), entities: 5, versions: 20);
    }

    [Theory]
    [InlineData(ErrorCode.NotLeaderForPartition)]
    [InlineData(ErrorCode.NotEnoughReplicas)]
    [InlineData(ErrorCode.RequestTimedOut)]
    [InlineData(ErrorCode.LeaderNotAvailable)]
    [InlineData(ErrorCode.Local_Transport)]
    public async Task G3_an_error_that_passes_is_retried_until_it_has_passed(ErrorCode error)
    {
        await using var service = await TestService.StartAsync(replace: OneRequest, place: _place);
        _kafka.Fail(KafkaRequest.Produce, error, error);

        await service.PublishAsync("o1", 1, 2, 3);
        await Eventually.DrainedAsync(service);

        Delivered.AssertCompleteAndOrdered(await service.ReadTopicAsync(), entities: 1, versions: 3);
    }

    [Theory]
    [InlineData(ErrorCode.MsgSizeTooLarge)]
    [InlineData(ErrorCode.InvalidRecord)]
    public async Task G8_an_error_that_cannot_pass_parks_the_message_at_once(ErrorCode error)
    {
        await using var service = await TestService.StartAsync(place: _place);
        await service.PublishAsync("o0", 1);
        await Eventually.DrainedAsync(service);
        _kafka.Fail(KafkaRequest.Produce, error);

        await service.PublishAsync("o1", 1);
        var parked = service.Database.GetCollection<BsonDocument>("outbox.parked");
        await Eventually.TrueAsync(async () => await parked.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty) == 1, "the message is parked");
        await service.PublishAsync("o2", 1);
        await Eventually.DrainedAsync(service);

        Assert.Contains(error.ToString(), (await parked.Find(FilterDefinition<BsonDocument>.Empty).SingleAsync())["error"].AsString);
        Assert.Equal(["o0", "o2"], (await service.ReadTopicAsync()).Select(record => record.Message.Key));
    }

    /// <summary>
    /// A batch is one request: behind one that it has refused, the embedded cluster takes another, which the client takes for the acknowledgement of both. Brokers refuse the second too.
    /// </summary>
    private static void OneRequest(IServiceCollection services) => services.Configure<KafkaOptions>(k => k.ProducerSettings["linger.ms"] = "100");

    /// <summary>Publishes each entity's first version and sees where it goes.</summary>
    private static async Task<Dictionary<string, int>> PartitionsAsync(TestService service, IEnumerable<string> entities)
    {
        foreach (var entity in entities)
        {
            await service.PublishAsync(entity, 1);
        }

        await Eventually.DrainedAsync(service);
        var partitions = (await service.ReadTopicAsync()).DistinctBy(r => r.Message.Key).ToDictionary(r => r.Message.Key, r => r.Partition.Value);
        Assert.All(partitions, p => Assert.Equal(p.Value, Murmur2.Partition(System.Text.Encoding.UTF8.GetBytes(p.Key), partitions: 2)));
        return partitions;
    }

    private static async Task<BsonDocument> CapturedAsync(TestService service)
    {
        await using var silent = await TestService.StartAsync(o => o.RelayEnabled = false, place: service.Place with { Database = "template" });
        await silent.PublishAsync("o1", 1);
        return await silent.Messages.Find(FilterDefinition<BsonDocument>.Empty).SingleAsync();
    }

    /// <summary>Leases are majority writes: the relay must hold its lanes before the majority is held back.</summary>
    private static async Task RelayingAsync(TestService service)
    {
        await service.PublishAsync("o0", 1);
        await Eventually.DrainedAsync(service);
    }

    private async Task<bool> IsPrimaryAsync()
    {
        using var direct = new MongoClient($"mongodb://127.0.0.1:{_mongo.Port}/?directConnection=true");
        var hello = await direct.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("hello", 1), ReadPreference.PrimaryPreferred);
        return hello["isWritablePrimary"].AsBoolean;
    }

    private static Task InsertAsync(TestService service, BsonDocument template, string messageId)
    {
        template["_id"] = messageId;
        return service.Messages.WithWriteConcern(WriteConcern.W1).InsertOneAsync(template);
    }
}
