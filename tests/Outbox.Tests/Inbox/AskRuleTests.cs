using Outbox.Inbox;
using Outbox.Inbox.Sequencing;

namespace Outbox.Tests.Inbox;

public sealed class AskRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly Sequence Order = new("shipping", "orders", "o");
    private readonly SequenceOptions _options = new() { AskOwner = TimeSpan.FromSeconds(30), Asks = 3 };

    [Fact]
    public void G17_a_gap_is_asked_for_and_again_after_twice_the_time_as_often_as_may_be()
    {
        AskedGap? asked = null;
        var times = new List<double>();
        for (var now = Now; now < Now.AddHours(1); now = Decide(5, 6, asked, now).LookAgain)
        {
            if (Decide(5, 6, asked, now).Ask is { } ask)
            {
                asked = ask;
                times.Add((now - Now).TotalSeconds);
            }
        }

        Assert.Equal([0, 60, 180], times);
    }

    [Fact]
    public void G17_what_has_come_in_part_is_asked_for_as_if_for_the_first_time_but_not_sooner()
    {
        var asked = new AskedGap(Order, 5, 20, 3) { At = Now };

        Assert.Null(Decide(11, 20, asked, Now.AddSeconds(239)).Ask);
        Assert.Equal((11, 20, 1), Shown(Decide(11, 20, asked, Now.AddSeconds(240)).Ask));
    }

    [Fact]
    public void G17_another_gap_behind_the_one_that_was_asked_for_is_asked_for_at_once() =>
        Assert.Equal((22, 30, 1), Shown(Decide(22, 30, new AskedGap(Order, 5, 20, 3) { At = Now }, Now).Ask));

    [Theory]
    [InlineData(1, 4)]
    [InlineData(5, 4)]
    public void G17_a_new_entity_and_one_whose_turn_has_come_are_not_asked_for(long from, long to) => Assert.Null(Decide(from, to, null, Now).Ask);

    private static (long, long, int) Shown(AskedGap? ask) => (ask!.From, ask.To, ask.Count);

    private (AskedGap? Ask, DateTimeOffset LookAgain) Decide(long from, long to, AskedGap? asked, DateTimeOffset now) =>
        AskRule.Decide(new AskedGap(Order, from, to, 0), asked, now, _options);
}
