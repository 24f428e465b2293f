using Outbox.Delivery.Operations;
using Outbox.Inbox;
using Outbox.Inbox.Operations;

namespace Outbox.Tests.Operations;

/// <summary>What the log and the audit say of messages that were acted on together.</summary>
public sealed class FilterTextTests
{
    [Fact]
    public void It_says_what_is_asked_for_and_nothing_else()
    {
        Assert.Equal("all", new ParkedFilter().ToString());
        Assert.Equal("all", new ParkedInboxFilter().ToString());
        Assert.Equal("topic \"orders\", error \"no \\\"right\\\"\"", new ParkedFilter { Topic = "orders", Error = "no \"right\"" }.ToString());
        Assert.Equal(
            "endpoint \"billing\", parked as \"Failed\", group \"g1\", before 2026-11-26 05:30:00Z",
            new ParkedInboxFilter { Endpoint = "billing", Reason = ParkReason.Failed, ErrorGroup = "g1", ParkedBefore = new(2026, 11, 26, 5, 30, 0, TimeSpan.Zero) }.ToString());
        Assert.Equal("order 42 on topic orders at endpoint billing", new Sequence("billing", "orders", "42") { EntityType = "order" }.ToString());
    }
}
