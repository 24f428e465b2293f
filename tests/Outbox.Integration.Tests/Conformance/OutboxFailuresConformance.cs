using Outbox.Delivery.Operations;
using Outbox.Delivery.Publishing;
using Outbox.Integration.Tests.Servers;
using Outbox.Messages;
using Outbox.Operations;
using Outbox.Operations.Auditing;

namespace Outbox.Integration.Tests.Conformance;

/// <summary>IOutboxOperations: what a person sees of messages that could not be published, and how a discard is undone.</summary>
public abstract class OutboxFailuresConformance(StoreKind kind) : ConformanceSuite(kind, o => o.Set(x => x.AllowEdit = true))
{
    private static readonly int[] Lanes = [.. Enumerable.Range(0, StoreUnderTest.Lanes)];
    private static readonly Decision Anna = new("the topic was made larger") { By = Actor.Authenticated("anna") with { Via = "test" } };

    private IOutboxOperations Operations => Store.Operations;

    [Fact]
    public async Task What_is_known_of_failures_is_kept_when_a_message_is_parked_again()
    {
        await ParkAsync("a", "m1", "too large: 5 bytes");
        var first = (await Operations.GetAsync("m1"))!;
        Assert.Equal((0, null, first.ParkedAt), (first.Failure.Retries, first.Failure.LastRetriedAt, first.Failure.FirstFailedAt!.Value));
        Assert.Equal("too large: # bytes", first.Failure.Title);

        Assert.True(await Operations.RetryAsync("m1", Anna));
        Assert.Null(await Operations.GetAsync("m1"));
        await ParkCommittedAsync("not authorised");

        var again = (await Operations.GetAsync("m1"))!;
        Assert.Equal((1, first.Failure.FirstFailedAt, "not authorised"), (again.Failure.Retries, again.Failure.FirstFailedAt, again.Failure.Title));
        Assert.True(again.Failure.LastRetriedAt >= first.ParkedAt);
        Assert.NotEqual(first.Failure.Group, again.Failure.Group);
        Assert.Equal(first.Message.Payload, again.Message.Payload);
    }

    [Fact]
    public async Task The_list_goes_page_by_page_and_what_is_parked_meanwhile_comes_once()
    {
        for (var i = 1; i <= 5; i++)
        {
            await ParkAsync("a", $"m{i}", "too large", i);
            Store.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var pages = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = await Operations.SearchAsync(new ParkedFilter { Topic = "orders" }, cursor, size: 2);
            pages.Add(string.Join(' ', page.Items.Select(x => x.Id)));
            if (cursor is null)
            {
                await ParkAsync("b", "m6", "too large", 1);
                Assert.True(await Operations.DiscardAsync("m2", "on the page that was read"));
            }

            if ((cursor = page.Next) is null)
            {
                break;
            }
        }

        Assert.Equal(["m1 m2", "m3 m4", "m5 m6"], pages);
    }

    [Fact]
    public async Task A_cursor_of_another_list_and_a_size_that_no_page_has_are_refused()
    {
        await ParkAsync("a", "m1", "x");
        await ParkAsync("a", "m2", "x", 2);
        var cursor = (await Operations.SearchAsync(new ParkedFilter(), size: 1)).Next!;

        foreach (var wrong in new[] { "x", "", cursor[..^3], cursor + "A" })
        {
            Assert.Contains("cursor", (await Assert.ThrowsAsync<OutboxException>(() => Operations.SearchAsync(new ParkedFilter(), wrong))).Message, StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<OutboxException>(() => Operations.SearchAsync(new ParkedFilter { Topic = "orders" }, cursor));
        await Assert.ThrowsAsync<OutboxException>(() => Operations.SearchDiscardedAsync(new ParkedFilter(), cursor));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Operations.SearchAsync(new ParkedFilter(), size: 0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Operations.SearchAsync(new ParkedFilter(), size: 1_001));
    }

    [Fact]
    public async Task Messages_are_found_by_each_thing_that_they_have_in_common()
    {
        await ParkAsync("a", "m1", "too large (5 bytes)");
        await ParkAsync("b", "m2", "too large (7 bytes)");
        await ParkAsync("b", "m3", "no such type", 2, cancelled: true);
        var group = (await Operations.GetAsync("m1"))!.Failure.Group;
        var last = (await Operations.GetAsync("m3"))!.ParkedAt;

        Assert.Equal("m1 m2", await FoundAsync(new() { ErrorGroup = group }));
        Assert.Equal("m2", await FoundAsync(new() { ErrorGroup = group, EntityId = "b" }));
        Assert.Equal("m3", await FoundAsync(new() { Type = "order-cancelled" }));
        Assert.Equal("m2 m3", await FoundAsync(new() { EntityId = "b", EntityType = "orders", Topic = "orders" }));
        Assert.Equal("m2", await FoundAsync(new() { Error = "(7" }));
        Assert.Equal("", await FoundAsync(new() { ParkedFrom = last.AddHours(1) }));
        Assert.Equal("m1 m2 m3", await FoundAsync(new() { ParkedBefore = last.AddHours(1) }));
        Assert.Equal((3, 2, 1), (await Operations.CountAsync(new()), await Operations.CountAsync(new() { ErrorGroup = group }), await Operations.CountAsync(new(), limit: 1)));
    }

    [Fact]
    public async Task Groups_say_how_many_since_when_and_where_and_name_one()
    {
        await ParkAsync("a", "m1", "too large (5 bytes)");
        Store.Time.Advance(TimeSpan.FromSeconds(1));
        await ParkAsync("b", "m2", "too large (7 bytes)");
        await ParkAsync("b", "m3", "no such type", 2);

        var groups = await Operations.GroupsAsync();
        Assert.Equal(["too large (# bytes): 2, m1, orders", "no such type: 1, m3, orders"], groups.Select(x => $"{x.Title}: {x.Count}, {x.ExampleId}, {string.Join(' ', x.Topics)}"));
        Assert.Equal(((await Operations.GetAsync("m1"))!.ParkedAt, (await Operations.GetAsync("m2"))!.ParkedAt), (groups[0].Oldest, groups[0].Newest));
        Assert.Single(await Operations.GroupsAsync(new() { EntityId = "a" }));
        Assert.Single(await Operations.GroupsAsync(limit: 1));
    }

    [Fact]
    public async Task G4_a_discarded_message_is_restored_with_its_hold_as_long_as_nothing_has_passed_it()
    {
        await ParkAsync("a", "m1", "too large", holds: true);
        await Store.PublishAsync("a", 2, new() { MessageId = "m2" });
        Assert.True(await Operations.DiscardAsync("m1", Anna));
        Assert.Empty((await Operations.SearchAsync(new())).Items);
        var discarded = Assert.Single((await Operations.SearchDiscardedAsync(new() { EntityId = "a" })).Items);
        Assert.Equal(("m1", "anna", Anna.Reason), (discarded.Id, discarded.Discarded!.By.Name, discarded.Discarded.Reason));
        Assert.Equal(Anna.Reason, (await Operations.GetAsync("m1"))!.Discarded!.Reason);

        Assert.True(await Operations.RestoreAsync("m1", "it was the wrong one"));
        Assert.Equal(new Entity("orders", "a"), Assert.Single(await Store.Reader.ReadHeldEntitiesAsync(Lanes, CancellationToken.None)));
        Assert.Null((await Operations.GetAsync("m1"))!.Discarded);
        Assert.True(await Operations.RetryAsync("m1", Anna));
        Assert.Equal(["m1", "m2"], (await Store.CommittedAsync()).Select(x => x.MessageId));
        Assert.False(await Operations.RestoreAsync("m1", "again"));
    }

    [Fact]
    public async Task G4_a_discarded_message_that_a_later_one_may_have_passed_is_not_restored()
    {
        await ParkAsync("a", "m1", "too large", holds: true);
        await ParkAsync("b", "b1", "too large", holds: true);
        await Store.PublishAsync("a", 2, new() { MessageId = "m2" });
        await Operations.DiscardAsync("m1", Anna);
        await Operations.DiscardAsync("b1", Anna);
        Assert.Equal(["m2"], await SweepAsync());

        var refused = await Assert.ThrowsAsync<OutboxException>(() => Operations.RestoreAsync("m1", "too late"));
        Assert.Contains("later message of entity 'a'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await Operations.SearchDiscardedAsync(new())).Items.Count);
        Assert.True(await Operations.RestoreAsync("b1", "nothing has passed it"));
    }

    [Fact]
    public async Task A_message_that_held_nothing_is_restored_whatever_has_passed_it()
    {
        await ParkAsync("a", "m1", "too large");
        await Store.PublishAsync("a", 2, new() { MessageId = "m2" });
        await Operations.DiscardAsync("m1", Anna);
        Assert.Equal(["m2"], await SweepAsync());

        Assert.True(await Operations.RestoreAsync("m1", "it is wanted after all"));
        Assert.Empty(await Store.Reader.ReadHeldEntitiesAsync(Lanes, CancellationToken.None));
    }

    [Fact]
    public async Task A_payload_is_changed_and_nothing_else()
    {
        await ParkAsync("a", "m1", "wrong amount");
        var before = (await Operations.GetAsync("m1"))!;

        Assert.Contains("JSON", (await Assert.ThrowsAsync<OutboxException>(() => Operations.EditAndRetryAsync("m1", "{", before.ETag, Anna))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<OutboxException>(() => Operations.EditAndRetryAsync("m1", "{}", "another", Anna));
        Assert.True(await Operations.EditAndRetryAsync("m1", """{"orderId":"a","amount":7}""", before.ETag, Anna));
        Assert.False(await Operations.EditAndRetryAsync("m1", "{}", before.ETag, Anna));

        var edited = Assert.Single(await Store.CommittedAsync());
        Assert.Equal(before.Message with { Payload = edited.Payload, Headers = edited.Headers }, edited);
        Assert.Equal("""{"orderId":"a","amount":7}""", edited.Payload);
        Assert.Equal(before.Message.Payload, Assert.Single((await Store.Audit.AuditAsync(new() { Act = AuditActs.Edit })).Items).Original);
        await using var closed = await AnotherAsync();
        Assert.Contains("AllowEdit", (await Assert.ThrowsAsync<OutboxException>(() => closed.Operations.EditAndRetryAsync("m1", "{}", "", Anna))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_act_is_in_the_audit_with_who_why_and_what_came_of_it()
    {
        await ParkAsync("a", "m1", "too large");
        await Operations.DiscardAsync("m1", Anna);
        await Operations.RestoreAsync("m1", "a reason alone");
        await Operations.RetryAsync("m1", Anna);
        await Operations.RetryAsync("none", Anna);

        var acts = (await Store.Audit.AuditAsync(new() { MessageId = "m1" })).Items;
        Assert.Equal([AuditActs.Retry, AuditActs.Restore, AuditActs.Discard], acts.Select(x => x.Act));
        Assert.Equal(("anna", ActorKind.Authenticated, "test", Anna.Reason, "a", "orders"), (acts[0].By.Name, acts[0].By.Kind, acts[0].By.Via, acts[0].Reason, acts[0].EntityId, acts[0].Topic));
        Assert.Equal(ActorKind.Application, acts[1].By.Kind);
        Assert.Equal(3, (await Store.Audit.AuditAsync(new())).Items.Count);
    }

    private async Task<string> FoundAsync(ParkedFilter filter) => string.Join(' ', (await Operations.SearchAsync(filter)).Items.Select(x => x.Id).Order());

    private async Task<IEnumerable<string>> SweepAsync()
    {
        var held = await Store.Reader.ReadHeldEntitiesAsync(Lanes, CancellationToken.None);
        return (await Store.CommittedAsync(held: [.. held])).Select(x => x.MessageId);
    }

    private async Task ParkAsync(string entity, string id, string error, long version = 1, bool holds = false, bool cancelled = false)
    {
        await Store.Outbox.ExecuteAsync((tx, _) =>
        {
            if (cancelled)
            {
                tx.Publish(new OrderCancelled(entity), entity, version, new() { MessageId = id });
            }
            else
            {
                tx.Publish(new OrderPlaced(entity, 1), entity, version, new() { MessageId = id });
            }

            return Task.CompletedTask;
        });
        await ParkCommittedAsync(error, holds);
    }

    private async Task ParkCommittedAsync(string error, bool holds = false) => await Store.Reader.ParkAsync(
        [.. (await Store.CommittedAsync()).Select(x => new UnpublishableMessage(x, error, 3, holds))], CancellationToken.None);
}

public sealed class InMemoryOutboxFailuresTests() : OutboxFailuresConformance(StoreKind.InMemory);

public sealed class MongoOutboxFailuresTests() : OutboxFailuresConformance(StoreKind.MongoDb);
