using Microsoft.Extensions.DependencyInjection;
using Outbox.Messages.Registration;

namespace Outbox.Tests.Configuration;

public sealed class TopicTests
{
    [Theory]
    [InlineData("not a name")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("größe")]
    [InlineData("a:b")]
    public void G9_a_name_that_no_topic_can_have_is_refused(string name) => Assert.ThrowsAny<Exception>(() => Registry(o => o.Topic(name, _ => { })));

    [Fact]
    public void G9_a_name_that_is_too_long_is_refused_with_the_rule()
    {
        var error = Assert.Throws<OutboxConfigurationException>(() => Registry(o => o.Topic(new string('a', 250), _ => { })));

        Assert.Contains("1 to 249 letters", error.Message, StringComparison.Ordinal);
        Registry(o => o.Topic(new string('a', 249), _ => { }));
    }

    [Fact]
    public void A_topic_that_is_named_twice_has_what_both_say()
    {
        var services = Registry(o =>
        {
            o.Topic("orders", t =>
            {
                t.Partitions = 12;
                t.Message<Placed>();
            });
            o.Topic("orders", t =>
            {
                t.EntityType = "order";
                t.Message<Cancelled>();
            });
        });

        Assert.Equal(12, Assert.Single(services.GetRequiredService<TopicRegistry>().All).Partitions);
        Assert.Equal(["order", "order"], services.GetServices<MessageRegistration>().Select(message => message.EntityType));
    }

    [Fact]
    public void G9_a_topic_that_is_named_twice_with_contradictions_is_refused()
    {
        var error = Assert.Throws<OutboxConfigurationException>(() => Registry(o =>
        {
            o.Topic("orders", t => t.Partitions = 12);
            o.Topic("orders", t => t.Partitions = 6);
        }));

        Assert.Contains("'orders' is configured twice, with Partitions 12 and with Partitions 6", error.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Registry(Action<OutboxConfigurator> configure) => new ServiceCollection().AddLogging().AddOutbox(configure).BuildServiceProvider();

    private sealed record Placed;

    private sealed record Cancelled;
}
