using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Outbox.Capture;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Tests.Capture;

public sealed class CaptureBufferTests
{
    private sealed record OrderPlaced(string Customer);

    private sealed record ShipOrder(string Address);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly OutboxOptions _options = new();

    [Fact]
    public void A_message_carries_what_its_registration_and_its_caller_said()
    {
        var buffer = Buffer();

        buffer.Add(typeof(OrderPlaced), new OrderPlaced("ann"), MessageIntent.Event, "o1", 3, new MessageOptions { MessageId = "m1" });

        var message = Assert.Single(buffer.Messages);
        Assert.Equal(("m1", "orders", "order", "o1", 3L, 0), (message.MessageId, message.Topic, message.EntityType, message.EntityId, message.Version, message.Ordinal));
        Assert.Equal("""{"customer":"ann"}""", message.Payload);
        Assert.Equal(_time.GetUtcNow(), message.Timestamp);
    }

    [Fact]
    public void Messages_keep_the_order_of_their_calls()
    {
        var buffer = Buffer();
        for (var i = 1; i <= 3; i++)
        {
            buffer.Add(typeof(OrderPlaced), new OrderPlaced("ann"), MessageIntent.Event, "o1", 1, null);
        }

        Assert.Equal([0, 1, 2], buffer.Messages.Select(message => message.Ordinal));
        Assert.Equal(3, buffer.Messages.Select(message => message.MessageId).Distinct().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(null)]
    public void A_missing_entity_id_is_refused(string? entityId) =>
        Assert.Contains("no entity id", Refused(MessageIntent.Event, new OrderPlaced("ann"), entityId!, 1).Message);

    [Fact]
    public void A_version_below_one_is_refused() =>
        Assert.Contains("Versions start at 1", Refused(MessageIntent.Event, new OrderPlaced("ann"), "o1", 0).Message);

    [Theory]
    [InlineData(VersionSource.Supplied, null, "has no version, but the versions of topic 'orders' are supplied (t.Versions): pass the entity's version.")]
    [InlineData(VersionSource.Counted, 3L, "has version 3, but the versions of topic 'orders' are counted (t.Versions): pass none.")]
    [InlineData(VersionSource.Supplied, 3L, null)]
    [InlineData(VersionSource.Counted, null, null)]
    public void A_topic_that_says_where_its_versions_come_from_refuses_the_others(VersionSource source, long? version, string? expected)
    {
        var orders = new MessageRegistration(typeof(OrderPlaced), "order-placed", "orders", MessageIntent.Event, "order", MessageJson.Default) { Versions = source };
        var buffer = new CaptureBuffer(new MessageRegistry([orders]), _options, _time);

        var error = Record.Exception(() => buffer.Add(typeof(OrderPlaced), new OrderPlaced("ann"), MessageIntent.Event, "o1", version, null));

        Assert.Equal(expected is null, error is null);
        Assert.EndsWith(expected ?? "", error?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void An_unregistered_type_is_refused() =>
        Assert.Contains("is not registered", Refused(MessageIntent.Event, new object(), "o1", 1).Message);

    [Fact]
    public void A_command_must_be_sent_and_an_event_published()
    {
        Assert.Contains("use tx.Send", Refused(MessageIntent.Event, new ShipOrder("x"), "o1", 1).Message);
        Assert.Contains("use tx.Publish", Refused(MessageIntent.Command, new OrderPlaced("x"), "o1", 1).Message);
    }

    [Fact]
    public void A_payload_over_the_limit_is_refused_with_its_size_in_bytes()
    {
        _options.MaxPayloadBytes = 20;

        var error = Refused(MessageIntent.Event, new OrderPlaced("12345678"), "o1", 1);

        Assert.Contains("23 bytes", error.Message);
        Assert.Contains("MaxPayloadBytes", error.Message);
    }

    [Fact]
    public void Messages_caused_by_a_message_carry_its_id_and_its_conversation()
    {
        var buffer = new CaptureBuffer(Registry(), _options, _time) { Cause = new Cause("cause-1", "conversation-1") };

        buffer.Add(typeof(OrderPlaced), new OrderPlaced("ann"), MessageIntent.Event, "o1", 1, null);

        var headers = buffer.Messages[0].Headers;
        Assert.Equal("cause-1", headers[MessageHeaders.CausationId]);
        Assert.Equal("conversation-1", headers[MessageHeaders.CorrelationId]);
    }

    [Fact]
    public void The_trace_of_the_capturing_code_travels_with_the_message()
    {
        using var activity = new Activity("handler").SetIdFormat(ActivityIdFormat.W3C).Start();
        var buffer = Buffer();

        buffer.Add(typeof(OrderPlaced), new OrderPlaced("ann"), MessageIntent.Event, "o1", 1, null);

        // The span itself, or that of the message's creation below it where another test listens to them.
        Assert.StartsWith($"00-{activity.TraceId}-", buffer.Messages[0].Headers[MessageHeaders.TraceParent], StringComparison.Ordinal);
    }

    private OutboxException Refused(MessageIntent verb, object message, string entityId, long? version)
    {
        var buffer = Buffer();
        var error = Assert.Throws<OutboxException>(() => buffer.Add(message.GetType(), message, verb, entityId, version, null));
        Assert.Empty(buffer.Messages);
        return error;
    }

    private CaptureBuffer Buffer() => new(Registry(), _options, _time);

    private static MessageRegistry Registry() => new(
    [
        new MessageRegistration(typeof(OrderPlaced), "order-placed", "orders", MessageIntent.Event, "order", MessageJson.Default),
        new MessageRegistration(typeof(ShipOrder), "ship-order", "shipping.commands", MessageIntent.Command, "order", MessageJson.Default),
    ]);
}
