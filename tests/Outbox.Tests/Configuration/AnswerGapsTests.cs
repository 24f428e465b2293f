using Microsoft.Extensions.DependencyInjection;

namespace Outbox.Tests.Configuration;

public sealed class AnswerGapsTests
{
    private sealed record OrderPlaced;

    private sealed record StockMoved;

    [Fact]
    public void An_owner_that_keeps_nothing_cannot_answer_and_is_told_so()
    {
        var error = Assert.Throws<OutboxConfigurationException>(() => Add(o => o.Topic("orders", t =>
        {
            t.Message<OrderPlaced>();
            t.AnswerGaps();
        })));

        Assert.Contains("t.KeepHistory()", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 600)]
    [InlineData(10_001, 600)]
    [InlineData(1_000, 0)]
    public void Limits_out_of_their_range_are_refused_and_name_the_topic(int versions, int perMinute)
    {
        var error = Assert.Throws<OutboxConfigurationException>(() => Add(o => o.Topic("orders", t => t.AnswerGaps(a => (a.MaxVersions, a.PerMinute) = (versions, perMinute)))));

        Assert.Contains("topic 'orders'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_may_answer_for_several_topics()
    {
        var services = Add(o =>
        {
            o.Topic("orders", Kept<OrderPlaced>);
            o.Topic("stock", Kept<StockMoved>);
            o.Topic("orders", t => t.AnswerGaps(a => a.PerMinute = 60));
        });

        using var provider = services.BuildServiceProvider();
        Assert.Equal(["orders", "stock"], provider.GetServices<Outbox.History.Repair.AnsweredTopic>().Select(topic => topic.Topic).Order(StringComparer.Ordinal));
        Assert.Contains("stock.repair", provider.GetRequiredService<Outbox.Messages.Registration.TopicRegistry>().All.Select(topic => topic.Name));
        Assert.True(provider.GetRequiredService<Outbox.Messages.Registration.MessageRegistry>().TryGet("republish-versions", out _));
    }

    private static void Kept<T>(TopicConfigurator topic)
        where T : class
    {
        topic.EntityType = topic.Name;
        topic.Message<T>();
        topic.KeepHistory();
        topic.AnswerGaps();
    }

    private static ServiceCollection Add(Action<OutboxConfigurator> configure)
    {
        var services = new ServiceCollection();
        services.AddOutbox(configure);
        return services;
    }
}
