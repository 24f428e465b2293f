using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox.Watching;

public sealed class LostMessageTests
{
    [Fact]
    public async Task G8_messages_that_Kafka_deleted_before_they_were_read_are_counted_and_named()
    {
        await using var shop = new Shop(partitions: 1);
        await shop.Produce("o", new OrderPlaced("o", 0));
        var first = await shop.Start();
        await Signal.Eventually(() => shop.Committed() == 1, "the first message was committed");
        await first.StopAsync();

        // The embedded cluster keeps 5 MB of a partition.
        for (var i = 1; i <= 80; i++)
        {
            await shop.Produce("o", new OrderPlaced("o" + new string('x', 100_000), i));
        }

        var second = shop.Build();
        using var lost = new Counts(second, "outbox.inbox.lost");
        await second.StartAsync();
        await Signal.Eventually(() => shop.Committed() == 81, "what is left was processed");

        Assert.Contains("orders [[0]]", Assert.Single(shop.Logs.Of(363)), StringComparison.Ordinal);
        Assert.Equal("orders", Assert.Single(lost.Seen)["topic"]);
        Assert.True(shop.Store.Processed < 81);
    }
}
