using Demo.Checks;
using Demo.Checks.Rules;
using Demo.Orders;

namespace Outbox.Examples.Tests.Verdicts;

public sealed class VerdictTests
{
    private static readonly Evidence Good = Evidences.Good;

    [Fact]
    public void A_faultless_run_is_good()
    {
        var verdict = VerdictRules.Judge(Good);
        Assert.True(verdict.IsGood);
        Assert.Equal("orders=3 shipped=2 cancelled=1 lost=0 duplicated=0 out-of-order=0 pending=0 parked=0 repaired=1 rebuilt=ok", verdict.ToString());
    }

    [Fact]
    public void An_acknowledged_order_that_is_not_there_is_lost() =>
        Expect(FindingKind.Lost, Good with { Acknowledged = [.. Good.Acknowledged, new Acknowledged("key-d", "d")] });

    [Fact]
    public void An_order_that_waits_for_ever_is_lost() =>
        Expect(FindingKind.Lost, Good with { Orders = Good.Orders.With(0, _ => Evidences.Entity("a", "key-a", "PLACED")) });

    [Fact]
    public void An_order_that_is_cancelled_and_shipped_is_lost() =>
        Expect(FindingKind.Lost, Good with { Orders = Good.Orders.With(2, _ => Evidences.Entity("c", "key-c", "PLACED", "CANCELLED")) });

    [Fact]
    public void A_view_that_is_behind_is_lost()
    {
        Expect(FindingKind.Lost, Good with { OrderViews = Good.OrderViews.With(1, _ => Evidences.Entity("b", null, "PLACED")) });
        Expect(FindingKind.Lost, Good with { ShipmentViews = [.. Good.ShipmentViews.Skip(1)] });
    }

    [Fact]
    public void A_version_that_was_never_published_is_lost() =>
        Expect(FindingKind.Lost, Good with { Published = [.. Good.Published.Where(message => message.MessageId != "order-a-2")] });

    [Fact]
    public void A_version_that_got_lost_and_was_not_brought_is_lost() =>
        Expect(FindingKind.Lost, Good with { Lost = ["a"] });

    [Fact]
    public void A_version_that_was_brought_when_it_was_asked_for_may_come_behind_later_ones() =>
        Assert.True(VerdictRules.Judge(Good with { Published = [.. Good.Published.Where(x => x.MessageId != "order-c-2"), new PublishedMessage("order", "c", 2, "order-c-2", IsRepair: true)] }).IsGood);

    [Fact]
    public void A_list_that_was_built_again_and_is_wrong_or_not_in_use_is_a_fault()
    {
        Expect(FindingKind.Lost, Good with { List = Good.Orders.With(1, _ => Evidences.Entity("b", null, "PLACED")) });
        Assert.False(VerdictRules.Judge(Good with { List = null }).IsGood);
        Assert.False(VerdictRules.Judge(Good with { List = [.. Good.Orders.Skip(1)] }).IsGood);
    }

    [Fact]
    public void Two_answers_for_one_key_are_duplicated() =>
        Expect(FindingKind.Duplicated, Good with { Acknowledged = [.. Good.Acknowledged, new Acknowledged("key-a", "b")] });

    [Fact]
    public void Two_orders_of_one_key_are_duplicated() =>
        Expect(FindingKind.Duplicated, Good with { Orders = [.. Good.Orders, Evidences.Entity("d", "key-a", "PLACED", "SHIPPED")] });

    [Fact]
    public void An_effect_that_happened_twice_is_duplicated() =>
        Expect(FindingKind.Duplicated, Good with { Shipments = Good.Shipments.With(0, _ => Evidences.Entity("a", null, "PREPARING", "SHIPPED", "SHIPPED")) });

    [Fact]
    public void Two_messages_of_one_version_are_duplicated() =>
        Expect(FindingKind.Duplicated, Good with { Published = [.. Good.Published, new PublishedMessage("order", "a", 2, "another")] });

    [Fact]
    public void A_message_that_is_published_again_with_its_id_is_not_a_fault() =>
        Assert.True(VerdictRules.Judge(Good with { Published = [.. Good.Published, Good.Published[0]] }).IsGood);

    [Fact]
    public void Versions_that_first_appear_in_a_wrong_order_are_out_of_order() =>
        Expect(FindingKind.OutOfOrder, Good with { Published = [.. Good.Published.Reverse()] });

    [Fact]
    public void A_history_that_jumps_is_out_of_order()
    {
        var jump = Good.Orders[0] with { History = [("PLACED", 1), ("SHIPPED", 3)], Version = 3 };
        Expect(FindingKind.OutOfOrder, Good with { Orders = Good.Orders.With(0, _ => jump) });
    }

    [Fact]
    public void What_is_pending_or_parked_spoils_the_verdict()
    {
        Assert.False(VerdictRules.Judge(Good with { Pending = 1 }).IsGood);
        Assert.False(VerdictRules.Judge(Good with { Parked = 1 }).IsGood);
    }

    private static void Expect(FindingKind kind, Evidence evidence)
    {
        var verdict = VerdictRules.Judge(evidence);
        Assert.Contains(verdict.Findings, finding => finding.Kind == kind);
        Assert.False(verdict.IsGood);
    }
}
