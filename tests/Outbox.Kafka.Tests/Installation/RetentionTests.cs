using Microsoft.Extensions.DependencyInjection;
using Outbox.Kafka.Installation;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Installation;

public sealed class RetentionTests
{
    private readonly FakeTopics _topics = new();

    [Theory]
    [InlineData(8, true)]
    [InlineData(7, false)]
    [InlineData(1, false)]
    public async Task An_inbox_that_forgets_before_the_topic_does_is_warned_of(int days, bool warned)
    {
        _topics.Retention["orders"] = TimeSpan.FromDays(days);
        await using var shop = await StartAsync();

        Assert.Equal(warned, shop.Logs.Of(263).Any());
        if (warned)
        {
            var line = Assert.Single(shop.Logs.Of(263));
            Assert.Contains("'orders' keeps messages for 8.00:00:00", line, StringComparison.Ordinal);
            Assert.Contains("remembers them for 7.00:00:00 (Outbox:DuplicateDetectionWindow)", line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_topic_that_deletes_nothing_is_warned_of()
    {
        _topics.Retention["orders"] = TimeSpan.MaxValue;
        await using var shop = await StartAsync();

        Assert.Contains("keeps messages without end", Assert.Single(shop.Logs.Of(263)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Brokers_that_do_not_say_it_are_no_warning()
    {
        await using var shop = await StartAsync();

        Assert.Empty(shop.Logs.Of(263));
        Assert.Contains("not authorized", Assert.Single(shop.Logs.Of(264)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("delete", "604800000", 7d)]
    [InlineData("compact,delete", "3600000", 1 / 24d)]
    [InlineData("delete", "-1", null)]
    [InlineData("delete", "9223372036854775807", null)]
    [InlineData("compact", "604800000", null)]
    public void A_topics_settings_say_how_long_it_keeps_messages(string policy, string milliseconds, double? days)
    {
        var kept = TopicAdmin.RetentionOf(name => name == "cleanup.policy" ? policy : milliseconds);

        Assert.Equal(days is { } expected ? TimeSpan.FromDays(expected) : TimeSpan.MaxValue, kept);
    }

    /// <summary>A service that has processed a message.</summary>
    private async Task<Shop> StartAsync()
    {
        var shop = new Shop(partitions: 1);
        await shop.Start(outbox: o => o.Services.AddSingleton<ITopicAdmin>(_topics));
        await shop.Produce("o", new OrderPlaced("o", 1));
        await shop.Signal.Until(() => shop.Store.Processed == 1, "it was processed");
        return shop;
    }
}
