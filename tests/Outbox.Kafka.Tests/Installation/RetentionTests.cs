using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
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

    [Fact]
    public async Task Brokers_that_did_not_say_it_are_asked_again_until_they_have()
    {
        using var stopping = new CancellationTokenSource();
        var (time, signal) = (new FakeTimeProvider(), new Signal());
        using var logs = new Logs(signal);
        using var factory = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Debug).AddProvider(logs));
        var check = new RetentionCheck(_topics, Options.Create(new OutboxOptions()), time, factory.CreateLogger<RetentionCheck>());
        _topics.Retention["stock"] = TimeSpan.FromDays(8);

        var running = check.RunAsync("warehouse", ["orders", "stock", "invoices"], stopping.Token);
        _topics.Retention["orders"] = TimeSpan.FromDays(9);
        Assert.Contains("'stock'", Assert.Single(logs.Of(263)), StringComparison.Ordinal);
        time.Advance(RetentionCheck.AskAgain);
        await signal.Until(() => logs.Of(264).Count() == 3, "the brokers do not say it of the last one");

        Assert.Equal(2, logs.Of(263).Count());
        Assert.Contains("'orders' keeps messages for 9", logs.Of(263).Last(), StringComparison.Ordinal);
        Assert.False(running.IsCompleted);
        await stopping.CancelAsync();
        await running;
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
