using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History;
using Outbox.History.Replaying;
using Outbox.Integration.Tests.History.Repairing;
using Outbox.Integration.Tests.Servers;
using Outbox.Messages;

namespace Outbox.Integration.Tests.History.Replaying;

/// <summary>The owner of a topic, and a service that begins with what was there before it.</summary>
public sealed class HistoryReplayTests
{
    [Fact]
    public async Task G15_a_new_service_begins_with_the_whole_history_and_goes_on_with_what_is_new_each_version_once()
    {
        var (place, into) = await PlaceAsync();
        await using var owner = await OwnerInstance.StartAsync(place, a => a.ReplayPerSecond = 1_000);
        await using var asking = await StartAsync(place);
        await owner.LoseAsync("o", 1, 2, 3);
        await owner.LoseAsync("p", 1);
        await owner.PublishAsync("o", 4);
        await asking.WaitsAsync(1);

        await AskAsync(asking, place);

        await asking.HasAsync("o", 1, 2, 3, 4);
        await asking.HasAsync("p", 1);
        await EndsAsync(asking, into, HistoryReplayState.Completed);
        await owner.PublishAsync("p", 2);
        await asking.HasAsync("p", 1, 2);
        await Eventually.TrueAsync(async () => (await Requests(asking).FindAsync(into))!.IsDone, "all of it is read");
        Assert.Equal((5, 5), await CountsAsync(asking, into));
        await asking.WaitsAsync(0);
        Assert.Equal([1, 2, 3, 4], await asking.JournalAsync("o"));
    }

    [Fact]
    public async Task G15_what_is_replayed_has_its_own_id_version_and_key_and_the_name_of_who_asked()
    {
        var (place, into) = await PlaceAsync();
        await using var owner = await OwnerInstance.StartAsync(place, a => a.ReplayPerSecond = 1_000);
        await using var asking = await StartAsync(place);
        await owner.LoseAsync("o", 1, 2);
        await owner.LoseAsync("a", 1);

        await AskAsync(asking, place);
        await EndsAsync(asking, into, HistoryReplayState.Completed);

        var kept = await owner.Database.GetCollection<BsonDocument>("history").Find(FilterDefinition<BsonDocument>.Empty).Sort(new BsonDocument("_id", 1)).ToListAsync();
        var records = Events(place, into);
        Assert.Equal(kept.Select(document => document["messageId"].AsString).Order(), records.Select(record => record.Header(MessageHeaders.MessageId)!).Order());
        Assert.Equal(["1", "2"], records.Where(record => record.Message.Key == "o").Select(record => record.Header(MessageHeaders.Version)));
        Assert.All(records, record => Assert.Equal(asking.Group, record.Header(MessageHeaders.ReplayFor)));
        Assert.DoesNotContain(KafkaLog.Read(place.Kafka, place.Topic), record => record.Header(MessageHeaders.Type) == "order-placed");
    }

    [Fact]
    public async Task G15_two_instances_replay_a_history_once_and_one_goes_on_when_the_other_is_stopped()
    {
        const int Orders = 120;
        var (place, into) = await PlaceAsync();
        await using var first = await OwnerInstance.StartAsync(place, a => a.ReplayPerSecond = 30);
        await using var second = await OwnerInstance.StartAsync(place, a => a.ReplayPerSecond = 30);
        await using var asking = await StartAsync(place);
        for (var order = 0; order < Orders; order++)
        {
            await first.LoseAsync($"o{order}", 1);
        }

        var watch = Stopwatch.StartNew();
        await AskAsync(asking, place);
        await Eventually.TrueAsync(async () => await asking.Collection("journals").CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty) > 0, "it has begun");
        await first.StopAsync();
        await EndsAsync(asking, into, HistoryReplayState.Completed);

        Assert.True(watch.Elapsed > TimeSpan.FromSeconds((Orders / 30) - 2), $"not faster than the owner allows: {watch.Elapsed}");
        Assert.Equal((Orders, Orders), await CountsAsync(asking, into));
        Assert.Equal(Orders, Events(place, into).DistinctBy(record => record.Header(MessageHeaders.MessageId)).Count());
        await Eventually.TrueAsync(async () => await asking.Collection("journals").CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty) == Orders, "all has come");
        for (var order = 0; order < Orders; order++)
        {
            Assert.Equal([1], await asking.JournalAsync($"o{order}"));
        }
    }

    [Fact]
    public async Task G15_what_was_erased_stays_erased_in_a_replay()
    {
        var (place, into) = await PlaceAsync();
        await using var owner = await OwnerInstance.StartAsync(place, a => a.ReplayPerSecond = 1_000);
        await using var asking = await StartAsync(place);
        await owner.LoseAsync("o", 1, 2);
        await owner.Services.GetRequiredService<IHistory>().EraseAsync<OwnerInstance.Total>(
            "o", (_, json) => json["amount"]!.GetValue<int>() == 2 ? new() { ["orderId"] = "o", ["amount"] = 0 } : null, "asked to", CancellationToken.None);

        await AskAsync(asking, place);

        await asking.HasAsync("o", 1, 0);
        await EndsAsync(asking, into, HistoryReplayState.Completed);
    }

    [Fact]
    public async Task G17_an_owner_that_gives_no_history_away_says_so()
    {
        var (place, into) = await PlaceAsync();
        await using var owner = await OwnerInstance.StartAsync(place);
        await using var asking = await StartAsync(place);
        await owner.LoseAsync("o", 1);

        await AskAsync(asking, place);

        await EndsAsync(asking, into, HistoryReplayState.Refused);
        Assert.Contains("ReplayPerSecond", (await Requests(asking).FindAsync(into))!.Error, StringComparison.Ordinal);
        Assert.Empty(Events(place, into));
    }

    [Fact]
    public async Task G17_a_replay_that_is_cancelled_ends_and_a_second_one_is_refused_as_long_as_it_runs()
    {
        var (place, into) = await PlaceAsync();
        await using var owner = await OwnerInstance.StartAsync(place, a => a.ReplayPerSecond = 1);
        await using var asking = await StartAsync(place);
        await using var other = await StartAsync(Instances.Other(place) with { Database = $"t{Guid.NewGuid():N}" }, name: "other");
        await owner.LoseAsync("o", Enumerable.Range(1, 400).Select(version => (long)version));
        await AskAsync(asking, place);
        await asking.HasAtLeastAsync("o", 1);

        await Assert.ThrowsAsync<OutboxException>(() => AskAsync(asking, place));
        await Requests(other).AskAsync(place.Topic, asking.Group, into);
        await Eventually.TrueAsync(
            () => Task.FromResult(KafkaLog.Read(place.Kafka, into).Any(record => System.Text.Encoding.UTF8.GetString(record.Message.Value!).Contains("Refused", StringComparison.Ordinal))),
            "the second one is refused");
        var replays = owner.Services.GetRequiredService<IHistoryReplays>();
        Assert.Equal(HistoryReplayState.Running, Assert.Single(await replays.ListAsync()).State);
        Assert.True(await Requests(asking).CancelAsync(into));

        await EndsAsync(asking, into, HistoryReplayState.Cancelled);
        Assert.InRange(Events(place, into).Count, 1, 399);
        Assert.Equal(HistoryReplayState.Cancelled, Assert.Single(await replays.ListAsync()).State);
        Assert.False(await Requests(asking).CancelAsync(into));
    }

    [Fact]
    public async Task What_nobody_could_answer_is_refused_before_it_is_asked()
    {
        var (place, _) = await PlaceAsync();
        await using var asking = await StartAsync(place);
        var requests = Requests(asking);

        var live = await Assert.ThrowsAsync<OutboxException>(() => requests.AskAsync(place.Topic, asking.Group, place.Topic));
        var unknown = await Assert.ThrowsAsync<OutboxException>(() => requests.AskAsync("nothing", asking.Group));

        Assert.Contains("topic of its own", live.Message, StringComparison.Ordinal);
        Assert.Contains("not registered", unknown.Message, StringComparison.Ordinal);
        Assert.Null(await requests.FindAsync(HistoryTopic.Of(place.Topic, asking.Group)));
    }

    internal static async Task<(TestPlace Place, string Into)> PlaceAsync()
    {
        var place = await Instances.PlaceAsync();
        var into = HistoryTopic.Of(place.Topic, $"asking-{place.Topic}");
        await (await KafkaServer.GetAsync()).CreateTopicAsync(into, partitions: 2, exact: true);
        return (place, into);
    }

    /// <summary>What is missing is not asked for by itself.</summary>
    private static Task<AskingInstance> StartAsync(TestPlace place, string name = "asking") =>
        AskingInstance.StartAsync(Instances.Other(place), s => s.AskOwner = TimeSpan.FromHours(1), name: name, withHistory: name == "asking");

    private static IHistoryRequests Requests(AskingInstance asking) => asking.Services.GetRequiredService<IHistoryRequests>();

    private static Task AskAsync(AskingInstance asking, TestPlace place) => Requests(asking).AskAsync(place.Topic, asking.Group);

    private static Task EndsAsync(AskingInstance asking, string into, HistoryReplayState state) =>
        Eventually.TrueAsync(async () => (await Requests(asking).FindAsync(into))!.State == state, $"the replay is {state}");

    private static async Task<(long Events, long Total)> CountsAsync(AskingInstance asking, string into) =>
        await Requests(asking).FindAsync(into) is { } found ? (found.Events, found.Total) : default;

    private static List<ConsumeResult<string, byte[]?>> Events(TestPlace place, string into) =>
        [.. KafkaLog.Read(place.Kafka, into).Where(record => record.Header(MessageHeaders.Type) == "order-placed")];
}
