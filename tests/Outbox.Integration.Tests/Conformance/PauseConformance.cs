using Outbox.Operations;
using Outbox.Operations.Auditing;
using Outbox.Operations.Pausing;

namespace Outbox.Integration.Tests.Conformance;

/// <summary>IPauses, and IAudit with what it writes there.</summary>
public abstract class PauseConformance(StoreKind kind) : ConformanceSuite(kind)
{
    private static readonly PauseTarget Orders = PauseTarget.Topic("orders");

    private IPauses Pauses => Store.Get<IPauses>();

    private IAudit Audit => Store.Get<IAudit>();

    [Fact]
    public async Task A_pause_lasts_an_hour_where_nothing_is_said_and_is_listed()
    {
        var pause = await Pauses.PauseAsync(new PauseRequest(PauseTarget.Relay, "the $broker is moved") { By = Actor.Claimed("ann") });

        Assert.Equal(pause.Since + PauseRequest.Usual, pause.Until);
        var listed = Assert.Single(await Pauses.ListPausesAsync());
        Assert.Equal((PauseTarget.Relay, "the $broker is moved", Actor.Claimed("ann"), pause.Until), (listed.Target, listed.Reason, listed.By, listed.Until));
        Assert.InRange(listed.Remaining, TimeSpan.FromMinutes(59), PauseRequest.Usual);
    }

    [Fact]
    public async Task A_second_pause_of_the_same_replaces_the_first_which_it_goes_on_from()
    {
        var first = await Pauses.PauseAsync(new PauseRequest(Orders, "one") { For = TimeSpan.FromHours(5) });
        await Pauses.PauseAsync(new PauseRequest(Orders, "two") { For = TimeSpan.FromMinutes(1), By = Actor.Authenticated("bob") });
        await Pauses.PauseAsync(new PauseRequest(PauseTarget.Topic("customers"), "other"));

        var listed = await Pauses.ListPausesAsync();
        Assert.Equal(["two", "other"], listed.Select(pause => pause.Reason));
        Assert.Equal((first.Since, "bob"), (listed[0].Since, listed[0].By.Name));
        Assert.True(listed[0].Until < first.Until);
    }

    [Fact]
    public async Task What_is_resumed_is_not_paused_and_can_be_paused_again()
    {
        await Pauses.PauseAsync(new PauseRequest(Orders, "one"));

        Assert.False(await Pauses.ResumeAsync(PauseTarget.Relay, "not that"));
        Assert.True(await Pauses.ResumeAsync(Orders, "enough"));
        Assert.False(await Pauses.ResumeAsync(Orders, "enough"));
        Assert.Empty(await Pauses.ListPausesAsync());

        await Pauses.PauseAsync(new PauseRequest(Orders, "two"));
        Assert.Equal("two", Assert.Single(await Pauses.ListPausesAsync()).Reason);
    }

    [Fact]
    public async Task A_pause_that_is_too_short_too_long_or_says_no_reason_is_refused_and_leaves_nothing()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Pauses.PauseAsync(new PauseRequest(Orders, " ")));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Pauses.PauseAsync(new PauseRequest(Orders, "x") { For = TimeSpan.FromDays(8) }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Pauses.PauseAsync(new PauseRequest(Orders, "x") { For = TimeSpan.Zero }));
        await Assert.ThrowsAsync<OutboxException>(() => Pauses.PauseAsync(new PauseRequest(Orders, "x") { Until = DateTimeOffset.UtcNow.AddDays(-1) }));
        await Assert.ThrowsAsync<OutboxException>(() => Pauses.PauseAsync(new PauseRequest(Orders, "x") { Until = DateTimeOffset.UtcNow.AddDays(30) }));

        Assert.Empty(await Pauses.ListPausesAsync());
        Assert.Empty((await Audit.AuditAsync(new AuditFilter())).Items);
    }

    [Fact]
    public async Task Each_act_is_in_the_audit_with_who_what_why_and_what_came_of_it()
    {
        await Pauses.PauseAsync(new PauseRequest(Orders, "$why {not}") { By = Actor.Claimed("ann") with { Via = "command line on laptop-17" } });
        await Pauses.ResumeAsync(Orders, "done");

        var acts = (await Audit.AuditAsync(new AuditFilter())).Items;
        Assert.Equal([AuditActs.Resume, AuditActs.Pause], acts.Select(act => act.Act));
        Assert.Equal(("topic orders", "orders", "$why {not}"), (acts[1].Target, acts[1].Topic, acts[1].Reason));
        Assert.Equal((ActorKind.Claimed, "ann", "command line on laptop-17"), (acts[1].By.Kind, acts[1].By.Name, acts[1].By.Via));
        Assert.Equal(ActorKind.Application, acts[0].By.Kind);
        Assert.NotEmpty(acts[0].By.Name);
        Assert.StartsWith("paused until ", acts[1].Outcome, StringComparison.Ordinal);
        Assert.All(acts, act => Assert.Equal(DateTimeOffset.UtcNow, act.At, TimeSpan.FromMinutes(10)));
    }

    [Fact]
    public async Task The_audit_is_read_page_by_page_the_latest_first_and_narrowed()
    {
        for (var i = 0; i < 5; i++)
        {
            await Pauses.PauseAsync(new PauseRequest(Orders, $"reason {i}") { By = Actor.Claimed(i % 2 == 0 ? "ann" : "bob") });
        }

        var reasons = new List<string>();
        string? cursor = null;
        do
        {
            var page = await Audit.AuditAsync(new AuditFilter(), cursor, size: 2);
            reasons.AddRange(page.Items.Select(act => act.Reason));
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(["reason 4", "reason 3", "reason 2", "reason 1", "reason 0"], reasons);
        Assert.Equal(["reason 3", "reason 1"], (await Audit.AuditAsync(new AuditFilter { By = "bob", Act = AuditActs.Pause })).Items.Select(act => act.Reason));
        Assert.Empty((await Audit.AuditAsync(new AuditFilter { MessageId = "m1" })).Items);
        Assert.Empty((await Audit.AuditAsync(new AuditFilter { EntityId = "e1" })).Items);
        Assert.Empty((await Audit.AuditAsync(new AuditFilter { OperationId = "o1" })).Items);
        Assert.Empty((await Audit.AuditAsync(new AuditFilter { Before = DateTimeOffset.UtcNow.AddDays(-1) })).Items);
        await Assert.ThrowsAsync<OutboxException>(() => Audit.AuditAsync(new AuditFilter(), "no cursor"));
        await Assert.ThrowsAsync<OutboxException>(() => Audit.AuditAsync(new AuditFilter(), PageCursor.Write("a", "b", "c")));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Audit.AuditAsync(new AuditFilter(), null, size: 1_001));
    }
}

public sealed class InMemoryPauseTests() : PauseConformance(StoreKind.InMemory);

public sealed class MongoPauseTests() : PauseConformance(StoreKind.MongoDb);
