using Microsoft.Extensions.DependencyInjection;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Tests.Messages;

public sealed class MessageRegistryTests
{
    private sealed record OrderPlaced;

    private sealed record Confirmation<T>(T Value);

    [Fact]
    public void Type_names_are_kebab_case_without_namespace_and_arity()
    {
        Assert.Equal("order-placed", MessageTypeName.Of(typeof(OrderPlaced)));
        Assert.Equal("confirmation", MessageTypeName.Of(typeof(Confirmation<int>)));
    }

    [Fact]
    public void A_type_is_found_by_clr_type_and_by_name()
    {
        var registry = Registry(o => o.Topic("orders", t => t.Message<OrderPlaced>()));

        Assert.Equal("orders", registry.Get(typeof(OrderPlaced)).Topic);
        Assert.True(registry.TryGet("order-placed", out var byName));
        Assert.Equal(typeof(OrderPlaced), byName.ClrType);
    }

    [Fact]
    public void One_type_on_two_topics_names_both_topics()
    {
        var error = Assert.Throws<OutboxConfigurationException>(() => Registry(o =>
        {
            o.Topic("orders", t => t.Message<OrderPlaced>());
            o.Topic("sales", t => t.Message<OrderPlaced>());
        }));

        Assert.Contains("'orders'", error.Message);
        Assert.Contains("'sales'", error.Message);
    }

    [Fact]
    public void Two_types_with_one_name_are_refused() => Assert.Throws<OutboxConfigurationException>(() => Registry(o => o.Topic("orders", t =>
    {
        t.Message<OrderPlaced>();
        t.Message<Confirmation<int>>("order-placed");
    })));

    [Fact]
    public void The_only_type_of_a_topic_may_be_its_default() =>
        Assert.True(Registry(o => o.Topic("orders", t =>
        {
            t.Default<OrderPlaced>();
            t.Message<OrderPlaced>();
        })).Get(typeof(OrderPlaced)).IsDefault);

    [Fact]
    public void A_default_beside_other_types_or_of_none_is_refused_with_the_types_of_the_topic()
    {
        var error = Assert.Throws<OutboxConfigurationException>(() => Registry(o => o.Topic("orders", t =>
        {
            t.Message<OrderPlaced>();
            t.Message<Confirmation<int>>();
            t.Default<OrderPlaced>();
        })));
        Assert.Contains("t.Default<OrderPlaced>()", error.Message);
        Assert.Contains("OrderPlaced, Confirmation", error.Message);

        error = Assert.Throws<OutboxConfigurationException>(() => Registry(o => o.Topic("orders", t => t.Default<OrderPlaced>())));
        Assert.Contains("none", error.Message);
    }

    [Fact]
    public void An_unregistered_type_is_refused_with_what_to_write()
    {
        var error = Assert.Throws<OutboxException>(() => Registry(_ => { }).Get(typeof(OrderPlaced)));

        Assert.Contains("t.Message<OrderPlaced>()", error.Message);
    }

    private static MessageRegistry Registry(Action<OutboxConfigurator> configure) =>
        new ServiceCollection().AddOutbox(configure).BuildServiceProvider().GetRequiredService<MessageRegistry>();
}
