using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture;
using Outbox.Messages;
using Outbox.Messages.Intents;
using Outbox.Messages.Registration;

namespace Outbox.Tests.Messages;

public sealed class IntentTests
{
    [Fact]
    public void An_event_registered_as_a_command_is_refused_and_both_places_are_named() =>
        Refused(o => o.Commands("orders", t => t.Command<OrderPlaced>()), "IEvent", "orders.commands", "t.Message<OrderPlaced>()");

    [Fact]
    public void A_command_registered_as_an_event_is_refused_and_both_places_are_named() =>
        Refused(o => o.Topic("orders", t => t.Message<ShipOrder>()), "ICommand", "'orders'", "t.Command<ShipOrder>()");

    [Fact]
    public void The_attribute_says_the_same_as_the_interface() =>
        Refused(o => o.Topic("orders", t => t.Message<Pack>()), "[Intent(Command)]", "'orders'", "t.Command<Pack>()");

    [Fact]
    public void A_command_on_a_topic_of_events_is_refused_and_both_types_are_named() =>
        Refused(
            o =>
            {
                o.Topic("orders", t => t.Message<OrderPlaced>());
                o.Topic("orders", t => t.Command<ShipOrder>());
            },
            "'orders'", nameof(OrderPlaced), nameof(ShipOrder), "o.Commands(");

    [Fact]
    public void A_query_is_never_registered() => Refused(o => o.Topic("orders", t => t.Message<FindOrder>()), "IQuery", "IRequestClient<FindOrder>");

    [Fact]
    public void Capturing_a_query_fails_and_says_where_to_ask_instead()
    {
        var buffer = new CaptureBuffer(Registry(_ => { }), new OutboxOptions(), TimeProvider.System);

        var error = Assert.Throws<OutboxException>(() => buffer.Add(typeof(FindOrder), new FindOrder("o1"), MessageIntent.Event, "o1", null, null));

        Assert.Contains("IRequestClient<FindOrder>", error.Message, StringComparison.Ordinal);
        Assert.Contains("x.AddOutboxRequestClient<FindOrder>", error.Message, StringComparison.Ordinal);
        Assert.Contains("HTTP", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_have_a_topic_of_their_own_by_default()
    {
        var registry = Registry(o => o.Commands("shipping", t => t.Command<ShipOrder>()));

        Assert.Equal(("shipping.commands", MessageIntent.Command), (registry.Get(typeof(ShipOrder)).Topic, registry.Get(typeof(ShipOrder)).Intent));
    }

    private static void Refused(Action<OutboxConfigurator> configure, params string[] named)
    {
        var error = Assert.Throws<OutboxConfigurationException>(() => Registry(configure));
        Assert.All(named, name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    private static MessageRegistry Registry(Action<OutboxConfigurator> configure) =>
        new ServiceCollection().AddOutbox(configure).BuildServiceProvider().GetRequiredService<MessageRegistry>();

    private sealed record OrderPlaced(string OrderId) : IEvent;

    private sealed record ShipOrder(string OrderId) : ICommand;

    [Intent(MessageIntent.Command)]
    private sealed record Pack(string OrderId);

    private sealed record FindOrder(string OrderId) : IQuery;
}
