using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Delivery.Settings;

/// <summary>G9: a misconfiguration stops the start with an error that says what to set.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task G9_another_number_of_lanes_than_the_outbox_was_created_with_stops_the_start()
    {
        await using var service = await TestService.StartAsync();

        var error = await Assert.ThrowsAsync<OutboxConfigurationException>(() => TestService.StartAsync(o => o.Lanes = 4, sibling: service));

        Assert.Contains("8 lanes", error.Message);
        Assert.Contains("db.getCollection(\"outbox.leases\").drop()", error.Message);
    }

    [Theory]
    [InlineData(8, 1)]
    [InlineData(16, 0)]
    public async Task G9_of_two_first_starts_with_different_numbers_of_lanes_one_is_refused(int others, int expected)
    {
        var application = $"start-{Guid.NewGuid():N}";
        var place = await TestPlace.SharedAsync();
        place = place with { MongoDb = new MongoUrlBuilder(place.MongoDb) { ApplicationName = application }.ToString() };
        // Both have looked for lanes before one of them creates any.
        var late = new BsonDocument { { "failCommands", new BsonArray { "insert" } }, { "blockConnection", true }, { "blockTimeMS", 500 }, { "appName", application } };
        await using var _ = await FailPoint.SetAsync(new MongoClient(place.MongoDb), late, times: 2);

        var starts = new[] { 16, others }.Select(lanes => TestService.StartAsync(
            o =>
            {
                o.Lanes = lanes;
                o.RelayEnabled = false;
            },
            place: place)).ToList();
        await Task.WhenAll(starts).ContinueWith(_ => { }, TaskScheduler.Default);

        var refused = starts.Where(start => start.IsFaulted).ToList();
        foreach (var started in starts.Except(refused))
        {
            await using var service = await started;
            Assert.Equal(
                service.Services.GetRequiredService<IOptions<OutboxOptions>>().Value.Lanes,
                await service.Database.GetCollection<BsonDocument>("outbox.leases").CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
        }

        Assert.Equal(expected, refused.Count);
        Assert.All(refused, start => Assert.Contains("Outbox:Lanes", Assert.IsType<OutboxConfigurationException>(start.Exception!.InnerException).Message));
    }

    [Fact]
    public async Task G9_an_option_out_of_range_stops_the_start()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => TestService.StartAsync(o => o.LeaseDuration = TimeSpan.Zero));

        Assert.Contains("LeaseDuration", error.Message);
    }

    [Theory]
    [InlineData("acks", "1")]
    [InlineData("enable.idempotence", "false")]
    [InlineData("max.in.flight", "10")]
    [InlineData("message.timeout.ms", "100")]
    [InlineData("partitioner", "random")]
    [InlineData("linger.ms", "5000")]
    [InlineData("retries", "0")]
    [InlineData("dotnet.producer.enable.delivery.reports", "false")]
    public async Task G9_a_producer_setting_that_would_break_a_guarantee_stops_the_start(string setting, string value)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            TestService.StartAsync(o => o.UseKafka(k => k.ProducerSettings[setting] = value)));

        Assert.Contains($"'{setting}'", error.Message);
    }

    [Fact]
    public async Task G9_reading_what_was_aborted_stops_the_start()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            TestService.StartAsync(o => o.UseKafka(k => k.ConsumerSettings["isolation.level"] = "read_uncommitted")));

        Assert.Contains("read_committed", error.Message);
    }

    [Theory]
    [InlineData("compresion.type", "lz4", "ProducerSettings")]
    [InlineData("compression.type", "lz5", "ProducerSettings")]
    [InlineData("fetch.min.bites", "1", "ConsumerSettings")]
    [InlineData("security.protocol", "SASL", "Settings")]
    [InlineData("ssl.ca.location", "/no/such/file.pem", "Settings")]
    public async Task G9_a_setting_that_no_client_can_be_built_with_stops_the_start(string setting, string value, string place)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => TestService.StartAsync(o => o.UseKafka(k =>
        {
            var settings = place switch
            {
                "ProducerSettings" => k.ProducerSettings,
                "ConsumerSettings" => k.ConsumerSettings,
                _ => k.Settings,
            };
            settings[setting] = value;
            if (setting == "ssl.ca.location")
            {
                k.Settings["security.protocol"] = "ssl";
            }
        })));

        Assert.Contains($"Outbox:Kafka:{place}:", error.Message, StringComparison.Ordinal);
        Assert.Contains(setting, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task G9_payloads_larger_than_the_producer_takes_stop_the_start()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => TestService.StartAsync(o => o.Set(x => x.MaxPayloadBytes = 2_000_000)));

        Assert.Contains("Outbox:MaxPayloadBytes is 2,000,000", error.Message, StringComparison.Ordinal);
        Assert.Contains("message.max.bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_the_clients_builders_is_made_and_one_of_what_the_outbox_sets_itself_stops_the_start()
    {
        var built = 0;
        await using var service = await TestService.StartAsync(o => o.UseKafka(k =>
        {
            k.ConfigureProducer(builder => builder.SetStatisticsHandler((_, _) => Interlocked.Increment(ref built)));
            k.ConfigureAdmin(builder => builder.SetStatisticsHandler((_, _) => { }));
            k.ConfigureConsumer(builder => builder.SetStatisticsHandler((_, _) => { }));
            k.ProducerSettings["statistics.interval.ms"] = "10";
        }));
        await service.PublishAsync("o1", 1);
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref built) > 0), "the producer was built with the change");

        var error = await Assert.ThrowsAnyAsync<Exception>(() => TestService.StartAsync(o => o.UseKafka(k => k.ConfigureProducer(builder => builder.SetErrorHandler((_, _) => { })))));

        Assert.Contains("ConfigureProducer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task G5_a_topic_that_does_not_exist_holds_back_its_own_messages_only()
    {
        await using var service = await TestService.StartAsync(o =>
        {
            o.Topic($"missing-{Guid.NewGuid():N}", t => t.Message<Unroutable>());
            o.Set(x => x.LeaseDuration = TimeSpan.FromSeconds(4));
        });
        await service.Outbox.ExecuteAsync((tx, _) =>
        {
            for (var entity = 0; entity < 50; entity++)
            {
                tx.Publish(new Unroutable(), $"a{entity}", 1);
            }

            return Task.CompletedTask;
        });

        await service.PublishAsync("o1", 1, 2, 3);
        await Eventually.TrueAsync(async () => (await service.ReadTopicAsync()).Count == 3, "the other topic's messages are published");
    }

    private sealed record Unroutable;
}
