using Outbox.History.Replaying;

namespace Outbox.Tests.History;

public sealed class HistoryTopicTests
{
    [Theory]
    [InlineData("orders.history.billing", true)]
    [InlineData("orders.history.a.b", true)]
    [InlineData("orders.history.", false)]
    [InlineData("orders.history", false)]
    [InlineData("orders", false)]
    [InlineData("payments", false)]
    [InlineData("orders2.history.billing", false)]
    [InlineData(null, false)]
    public void A_history_goes_to_topics_that_say_whose_it_is_and_to_no_other(string? into, bool may) => Assert.Equal(may, HistoryTopic.IsOf("orders", into));

    [Theory]
    [InlineData("orders.history.billing", "orders")]
    [InlineData("shop.orders.history.billing", "shop.orders")]
    [InlineData("orders.history.", null)]
    [InlineData(".history.billing", null)]
    [InlineData("orders", null)]
    public void A_name_says_whose_history_comes_on_it(string name, string? live) => Assert.Equal(live, HistoryTopic.LiveOf(name));

    [Fact]
    public void The_default_name_is_one_of_them() => Assert.True(HistoryTopic.IsOf("orders", HistoryTopic.Of("orders", "billing")));
}
