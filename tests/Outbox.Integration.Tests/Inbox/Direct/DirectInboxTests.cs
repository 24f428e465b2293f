using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Integration.Tests.Servers;
using Outbox.Versioning;

namespace Outbox.Integration.Tests.Inbox.Direct;

/// <summary>An inbox without transactions: the consumer's version-checked change, and the record after it.</summary>
public sealed class DirectInboxTests
{
    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;

    [Fact]
    public async Task A_message_is_a_change_and_then_a_record_and_no_transaction()
    {
        var place = await TestPlace.SharedAsync(partitions: 1);
        await using var instance = await DirectInstance.StartAsync(place);
        await DirectInstance.ProduceAsync(
            place, Message("m1", 1), Message("m2", 2), Message("m1", 1), Message("m0", 1), Message("m3", 3));
        await HasRecordsAsync(instance, 4);

        Assert.Equal([ApplyOutcome.Applied, ApplyOutcome.Applied, ApplyOutcome.Stale, ApplyOutcome.Applied], instance.Outcomes);
        Assert.Empty(instance.Transactions);
        var order = await instance.Database.GetCollection<DirectOrder>("orders").Find(x => x.Id == "o").SingleAsync();
        Assert.Equal((3, 3L, "m3"), (order.Amount, order.Version, order.LastMessageId));
    }

    [Fact]
    public async Task G6_a_crash_between_the_change_and_its_record_brings_the_message_again_and_changes_nothing()
    {
        var place = await TestPlace.SharedAsync(partitions: 1);
        await DirectInstance.ProduceAsync(place, Message("m1", 1));
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (var first = DirectInstance.Build(place))
        {
            first.AfterChange = async (context, _) =>
            {
                changed.TrySetResult();
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            };
            await first.RunAsync();
            await changed.Task.WaitAsync(TimeSpan.FromMinutes(1));
            await first.StopAsync();
            Assert.Equal(0, await Inbox(first).CountDocumentsAsync(All));
            Assert.Equal([ApplyOutcome.Applied], first.Outcomes);
        }

        await using var second = await DirectInstance.StartAsync(place);
        await HasRecordsAsync(second, 1);

        Assert.Equal([ApplyOutcome.Duplicate], second.Outcomes);
        Assert.Equal(1, (await second.Database.GetCollection<DirectOrder>("orders").Find(x => x.Id == "o").SingleAsync()).Amount);
    }

    [Fact]
    public async Task What_needs_a_transaction_is_refused_and_says_why()
    {
        var place = await TestPlace.SharedAsync(partitions: 1);
        await using var instance = await DirectInstance.StartAsync(place);
        instance.AfterChange = (context, publish) => context.Message.OrderId switch
        {
            "session" => Task.FromResult(context.Session()),
            "publish" => context.Publish(new ShipmentCreated("o")),
            _ => publish.Publish(new ShipmentCreated("o")),
        };
        await DirectInstance.ProduceAsync(place, Message("m1", 1, "session"), Message("m2", 1, "publish"), Message("m3", 1, "injected"));
        var parked = instance.Database.GetCollection<BsonDocument>("inbox.parked");
        await Eventually.TrueAsync(async () => await parked.CountDocumentsAsync(All) == 3, "all three are parked");

        var errors = (await parked.Find(All).ToListAsync()).ToDictionary(x => x["entityId"].AsString, x => x["error"].AsString);
        Assert.Contains("A session belongs to a transaction", errors["session"], StringComparison.Ordinal);
        Assert.Contains("A ShipmentCreated must be committed together with the change", errors["publish"], StringComparison.Ordinal);
        Assert.Contains("A ShipmentCreated must be committed together with the change", errors["injected"], StringComparison.Ordinal);
        Assert.All(errors.Values, error => Assert.Contains("Transactional = false", error, StringComparison.Ordinal));
        Assert.Equal(0, await instance.Database.GetCollection<BsonDocument>("outbox").CountDocumentsAsync(All));
    }

    [Theory]
    [InlineData(true, MessageOrdering.NewestVersion, "consumes batches")]
    [InlineData(false, MessageOrdering.Sequence, "in sequence")]
    public async Task What_is_one_transaction_by_its_nature_stops_the_start(bool batches, MessageOrdering ordering, string reason)
    {
        var place = await TestPlace.SharedAsync(partitions: 1);
        var instance = DirectInstance.Build(place, t => t.Ordering = ordering, batches);

        var refused = await Assert.ThrowsAnyAsync<Exception>(instance.RunAsync);

        Assert.Contains(reason, refused.GetBaseException().Message, StringComparison.Ordinal);
    }

    private static Confluent.Kafka.Message<string, byte[]> Message(string id, int version, string order = "o") =>
        Wire.Message(id, new OrderPlaced(order, version), version);

    private static IMongoCollection<BsonDocument> Inbox(DirectInstance instance) => instance.Database.GetCollection<BsonDocument>("inbox");

    private static Task HasRecordsAsync(DirectInstance instance, int count) =>
        Eventually.TrueAsync(async () => await Inbox(instance).CountDocumentsAsync(All) == count, $"{count} messages were processed");
}
