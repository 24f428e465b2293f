using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History;
using Outbox.Inbox.Sequencing;
using Outbox.Integration.Tests.Inbox;
using Outbox.Integration.Tests.Servers;
using Outbox.Messages;
using Outbox.Versioning;

namespace Outbox.Integration.Tests.History.Repairing;

/// <summary>The owner of a topic and services that have missed some of it.</summary>
public sealed class GapRepairTests
{
    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;

    [Theory]
    [InlineData(MessageFormat.Envelope)]
    [InlineData(MessageFormat.CloudEvents)]
    [InlineData(MessageFormat.CloudEventsStructured)]
    [InlineData(MessageFormat.MassTransit)]
    public async Task G17_what_was_lost_reaches_the_one_who_asked_in_its_place_and_changes_nobody_elses_state_in_every_format(MessageFormat format)
    {
        var place = await Instances.PlaceAsync();
        await using var owner = await OwnerInstance.StartAsync(place, format: format);
        await using var other = await AskingInstance.StartAsync(Instances.Other(place), ordering: MessageOrdering.Partition, name: "other");
        await owner.PublishAsync("o", 1);
        await owner.LoseAsync("o", 2, 3);
        await owner.PublishAsync("o", 4, 5);
        await other.HasAsync("o", 1, 4, 5);
        var before = await other.DumpAsync();

        await using var asking = await AskingInstance.StartAsync(Instances.Other(place));
        await asking.HasAsync("o", 1, 2, 3, 4, 5);

        await asking.WaitsAsync(0);
        await owner.PublishAsync("last", 1);
        await other.HasAsync("last", 1);
        Assert.Equal(before, string.Join('\n', (await other.DumpAsync()).Split('\n').Where(line => !line.Contains("\"last\"", StringComparison.Ordinal))));
        Assert.Equal([1, 4, 5], await other.JournalAsync("o"));
        Assert.Equal((asking.Group, 2, 3), Said(owner.Asks()[0]));
        await Eventually.TrueAsync(async () => await owner.Messages.CountDocumentsAsync(All) == 0, "the owner's outbox is empty");
    }

    [Fact]
    public async Task G17_what_is_repeated_has_a_key_of_its_own_its_own_id_and_the_name_of_who_asked()
    {
        var place = await Instances.PlaceAsync();
        await using var owner = await OwnerInstance.StartAsync(place);
        await using var asking = await AskingInstance.StartAsync(Instances.Other(place));
        await owner.PublishAsync("o", 1);
        await owner.LoseAsync("o", 2);
        await owner.PublishAsync("o", 3);
        await asking.HasAsync("o", 1, 2, 3);

        // An answer that takes long is asked for again, and comes again under the same id.
        var repeated = Assert.Single(
            KafkaLog.Read(place.Kafka, place.Topic).Where(record => record.Header(MessageHeaders.ReplayFor) is not null).DistinctBy(record => record.Header(MessageHeaders.MessageId)));

        var kept = await owner.Database.GetCollection<BsonDocument>("history").Find(new BsonDocument("_id.version", 2)).SingleAsync();
        Assert.Equal(kept["messageId"].AsString, repeated.Header(MessageHeaders.MessageId));
        Assert.Equal(asking.Group, repeated.Header(MessageHeaders.ReplayFor));
        Assert.Equal($"replay/{asking.Group}/o", repeated.Message.Key);
    }

    [Fact]
    public async Task G17_what_the_owner_does_not_have_is_void_and_the_sequence_goes_on_without_it()
    {
        var place = await Instances.PlaceAsync();
        await using var owner = await OwnerInstance.StartAsync(place);
        await using var asking = await AskingInstance.StartAsync(Instances.Other(place));
        await owner.PublishAsync("o", 1, 2);
        await asking.HasAsync("o", 1, 2);
        await owner.Database.GetCollection<BsonDocument>("history").DeleteManyAsync(All);

        // As an owner that was set back to a backup, or has kept nothing so far.
        await ProduceAsync(place, 5, 6);

        await asking.HasAsync("o", 1, 2, 5, 6);
        await asking.WaitsAsync(0);
        var asked = Asked(await asking.AskedAsync("o"));
        Assert.Equal((3, 4), (asked.From, asked.To));
    }

    [Fact]
    public async Task G17_what_is_kept_comes_and_what_is_not_is_void_in_one_gap()
    {
        var place = await Instances.PlaceAsync();
        await using var owner = await OwnerInstance.StartAsync(place);
        await using var asking = await AskingInstance.StartAsync(Instances.Other(place), s => s.AskOwner = TimeSpan.FromSeconds(1));
        await owner.PublishAsync("o", 1);
        await owner.LoseAsync("o", 2, 3, 4, 5);
        await owner.Database.GetCollection<BsonDocument>("history").DeleteManyAsync(new BsonDocument("_id.version", new BsonDocument("$in", new BsonArray { 2, 4 })));
        await owner.PublishAsync("o", 6);

        await asking.HasAsync("o", 1, 3, 5, 6);
        await asking.WaitsAsync(0);
    }

    [Fact]
    public async Task What_is_asked_for_and_what_is_answered_is_counted_on_both_sides()
    {
        var place = await Instances.PlaceAsync();
        await using var owner = await OwnerInstance.StartAsync(place);
        await using var asking = await AskingInstance.StartAsync(Instances.Other(place), s => s.Asks = 1);
        using var asked = new Measured(asking.Services);
        using var answered = new Measured(owner.Services);
        await owner.PublishAsync("kept", 1);
        await owner.LoseAsync("kept", 2);
        await owner.PublishAsync("kept", 3);
        await owner.PublishAsync("o", 1);
        await ProduceAsync(place, 3);

        await asking.HasAsync("kept", 1, 2, 3);
        await asking.HasAsync("o", 1, 3);

        await asked.BecomesAsync($"outbox.inbox.asked endpoint={asking.Group} topic={place.Topic}", 2);
        await asked.BecomesAsync($"outbox.inbox.void endpoint={asking.Group} topic={place.Topic}", 1);
        await answered.BecomesAsync($"outbox.history.asks outcome=answered topic={place.Topic}", 2);
        await answered.BecomesAsync($"outbox.history.asked outcome=put back topic={place.Topic}", 1);
        await answered.BecomesAsync($"outbox.history.asked outcome=void topic={place.Topic}", 1);
    }

    [Fact]
    public async Task G17_an_owner_that_is_down_answers_when_it_is_back()
    {
        var place = await Instances.PlaceAsync();
        await using var asking = await AskingInstance.StartAsync(Instances.Other(place), s => (s.Asks, s.AskOwner) = (1, TimeSpan.FromSeconds(10)));
        await using (var owner = await OwnerInstance.StartAsync(place))
        {
            await owner.PublishAsync("o", 1);
            await owner.LoseAsync("o", 2);
            await owner.PublishAsync("o", 3);
            await Eventually.TrueAsync(async () => await owner.Messages.CountDocumentsAsync(All) == 0, "the owner's outbox is empty");
            await owner.StopAsync();
        }

        await asking.WaitsAsync(1);
        await Eventually.TrueAsync(async () => await asking.AskedAsync("o") is not null, "the owner was asked");

        await using var back = await OwnerInstance.StartAsync(place);
        await asking.HasAsync("o", 1, 2, 3);
        Assert.Single(back.Asks());
    }

    [Fact]
    public async Task G17_instances_that_see_the_same_gap_ask_once_and_two_services_that_miss_the_same_both_get_it()
    {
        var place = await Instances.PlaceAsync();
        var (here, there) = (Instances.Other(place), Instances.Other(place));
        await using var owner = await OwnerInstance.StartAsync(place);
        await using var owners = await OwnerInstance.StartAsync(place);
        await using var first = await AskingInstance.StartAsync(here, s => s.Asks = 1);
        await using var second = await AskingInstance.StartAsync(here, s => s.Asks = 1);
        await using var third = await AskingInstance.StartAsync(there, s => s.Asks = 1, name: "also");
        await owner.PublishAsync("o", 1);
        await owner.LoseAsync("o", 2);
        await owner.PublishAsync("o", 3);

        await first.HasAsync("o", 1, 2, 3);
        await third.HasAsync("o", 1, 2, 3);

        Assert.Equal([1, 2, 3], await second.JournalAsync("o"));
        Assert.Equal([(third.Group, 2, 2), (first.Group, 2, 2)], owner.Asks().Select(Said).OrderBy(ask => ask.Endpoint, StringComparer.Ordinal));
    }

    [Fact]
    public async Task G17_a_gap_that_is_longer_than_an_answer_is_asked_for_until_all_of_it_has_come()
    {
        var place = await Instances.PlaceAsync();
        await using var owner = await OwnerInstance.StartAsync(place, a => a.MaxVersions = 10);
        await using var asking = await AskingInstance.StartAsync(Instances.Other(place), s => (s.AskOwner, s.Asks) = (TimeSpan.FromMilliseconds(500), 1));
        await owner.PublishAsync("o", 1);
        await owner.LoseAsync("o", Enumerable.Range(2, 25).Select(version => (long)version));
        await owner.PublishAsync("o", 27);

        await asking.HasAsync("o", Enumerable.Range(1, 27).Select(version => (long)version));

        Assert.Equal((asking.Group, 2, 26), Said(owner.Asks()[0]));
        Assert.InRange(owner.Asks().Count, 3, int.MaxValue);
    }

    [Fact]
    public async Task G17_gaps_of_hundreds_of_entities_are_asked_for_once_each_and_all_of_them_are_repaired()
    {
        const int Orders = 200;
        var place = await Instances.PlaceAsync();
        await using var owner = await OwnerInstance.StartAsync(place, a => a.PerMinute = 10_000);
        await using var asking = await AskingInstance.StartAsync(Instances.Other(place), s => s.Asks = 1);
        foreach (var order in Enumerable.Range(0, Orders).Select(number => $"o{number}"))
        {
            await owner.PublishAsync(order, 1);
            await owner.LoseAsync(order, 2);
            await owner.PublishAsync(order, 3);
        }

        foreach (var order in Enumerable.Range(0, Orders).Select(number => $"o{number}"))
        {
            await asking.HasAsync(order, 1, 2, 3);
        }

        Assert.Equal(Orders, owner.Asks().Count);
    }

    [Fact]
    public async Task G17_what_was_erased_comes_as_it_is_kept()
    {
        var place = await Instances.PlaceAsync();
        await using var owner = await OwnerInstance.StartAsync(place);
        await using var asking = await AskingInstance.StartAsync(Instances.Other(place), s => s.AskOwner = TimeSpan.FromSeconds(2));
        await owner.PublishAsync("o", 1);
        await owner.LoseAsync("o", 2);
        await owner.Services.GetRequiredService<IHistory>().EraseAsync<OwnerInstance.Total>(
            "o", (_, json) => json["amount"]!.GetValue<int>() == 2 ? new() { ["orderId"] = "o", ["amount"] = 0 } : null, "asked to", CancellationToken.None);
        await owner.PublishAsync("o", 3);

        await asking.HasAsync("o", 1, 0, 3);
    }

    [Fact]
    public async Task G17_an_entity_of_which_nothing_was_ever_processed_is_not_asked_for()
    {
        var place = await Instances.PlaceAsync();
        await using var owner = await OwnerInstance.StartAsync(place);
        await using var asking = await AskingInstance.StartAsync(Instances.Other(place));
        await owner.LoseAsync("new", 1);
        await owner.PublishAsync("new", 2);
        await owner.PublishAsync("known", 1);
        await owner.LoseAsync("known", 2);
        await owner.PublishAsync("known", 3);
        await asking.HasAsync("known", 1, 2, 3);

        await asking.WaitsAsync(1);
        Assert.Null(await asking.AskedAsync("new"));
        Assert.All(owner.Asks(), ask => Assert.Equal("known", ask.Message.Key));
    }

    private static (string Endpoint, long From, long To) Said(Confluent.Kafka.ConsumeResult<string, byte[]?> ask)
    {
        var said = JsonDocument.Parse(ask.Message.Value).RootElement.GetProperty("payload");
        return (said.GetProperty("endpoint").GetString()!, said.GetProperty("from").GetInt64(), said.GetProperty("to").GetInt64());
    }

    private static (long From, long To, int Count) Asked(BsonDocument? asked) => (asked!["from"].ToInt64(), asked["to"].ToInt64(), asked["count"].ToInt32());

    private static async Task ProduceAsync(TestPlace place, params int[] versions)
    {
        using var producer = new Confluent.Kafka.ProducerBuilder<string, byte[]>(new Confluent.Kafka.ProducerConfig { BootstrapServers = place.Kafka }).Build();
        foreach (var version in versions)
        {
            await producer.ProduceAsync(place.Topic, Wire.Message($"o-{version}", new OrderPlaced("o", version), version));
        }
    }
}
