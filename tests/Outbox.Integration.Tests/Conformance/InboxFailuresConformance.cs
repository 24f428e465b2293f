using System.Text;
using Outbox.Inbox;
using Outbox.Inbox.Operations;
using Outbox.Operations;
using Outbox.Operations.Auditing;
using Outbox.Operations.Errors;

namespace Outbox.Integration.Tests.Conformance;

/// <summary>IInboxOperations: what a person sees of messages that could not be processed, and how a discard is undone.</summary>
public abstract class InboxFailuresConformance(StoreKind kind) : ConformanceSuite(kind, o => o.Set(x => x.AllowEdit = true))
{
    private static readonly Decision Anna = new("the address was corrected") { By = Actor.Claimed("anna") };

    private IInboxOperations Operations => Store.InboxOperations;

    [Fact]
    public async Task What_is_known_of_failures_is_kept_when_a_message_is_parked_again()
    {
        var message = SequenceEndpoint.Message("a", 1, ParkReason.Failed) with { Error = "slow", Signature = new ErrorSignature("abc", "TimeoutException in Consumer.Consume") };
        await Store.Parking.ParkAsync(message, CancellationToken.None);
        var first = await OnlyAsync();
        Assert.Equal(("abc", "TimeoutException in Consumer.Consume", 0, first.ParkedAt), (first.Failure.Group, first.Failure.Title, first.Failure.Retries, first.Failure.FirstFailedAt!.Value));

        Assert.True(await Operations.RetryAsync(first.Id, Anna));
        Assert.True((await OnlyAsync()).RetryRequested);
        await Store.Parking.ParkAsync(message with { Error = "no such account 17", Signature = null }, CancellationToken.None);

        var again = await OnlyAsync();
        Assert.Equal((first.Id, 1, first.Failure.FirstFailedAt, "no such account #", false), (again.Id, again.Failure.Retries, again.Failure.FirstFailedAt, again.Failure.Title, again.RetryRequested));
        Assert.NotNull(again.Failure.LastRetriedAt);
        Assert.Equal(1, (await Operations.SearchAsync(new() { ErrorGroup = again.Failure.Group })).Items.Single().Failure.Retries);
    }

    [Fact]
    public async Task What_waits_is_in_a_group_of_its_own_and_has_not_failed()
    {
        await new SequenceEndpoint(Store).ReceiveAsync("a", 3);
        await ParkAsync("b", 1, "no such account 5");
        await ParkAsync("c", 1, "no such account 6");

        var groups = await Operations.GroupsAsync(new() { Endpoint = "ledger" });
        Assert.Equal(["no such account #: 2, entries, ledger", "Came before its predecessor: 1, entries, ledger"],
            groups.Select(x => $"{x.Title}: {x.Count}, {string.Join(' ', x.Topics)}, {string.Join(' ', x.Endpoints)}"));
        Assert.Null((await Operations.GetAsync(groups[1].ExampleId))!.Failure.FirstFailedAt);
        Assert.Equal("b", (await Operations.GetAsync(groups[0].ExampleId))!.Message.EntityId);
        Assert.Empty(await Operations.GroupsAsync(new() { Endpoint = "another" }));
    }

    [Fact]
    public async Task Messages_are_found_by_each_thing_that_they_have_in_common_page_by_page()
    {
        for (var version = 1; version <= 3; version++)
        {
            await ParkAsync("a", version, $"no such account {version}");
            Store.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await Store.Parking.ParkAsync(SequenceEndpoint.Message("b", 1, ParkReason.Unreadable) with { Topic = "others", Endpoint = "billing", Type = "invoice", EntityType = "bill" }, CancellationToken.None);
        Assert.Equal("b-1", await FoundAsync(new() { Endpoint = "billing" }));
        Assert.Equal("b-1", await FoundAsync(new() { Topic = "others", Reason = ParkReason.Unreadable, Type = "invoice", EntityType = "bill", EntityId = "b" }));
        Assert.Equal("a-1 a-2 a-3", await FoundAsync(new() { EntityId = "a" }));
        Assert.Equal("a-2", await FoundAsync(new() { Error = "account 2" }));
        Assert.Equal((4, 3), (await Operations.CountAsync(new()), await Operations.CountAsync(new() { Reason = ParkReason.Failed })));

        var first = await Operations.SearchAsync(new(), size: 3);
        var second = await Operations.SearchAsync(new(), first.Next, size: 3);
        Assert.Equal(["a-1", "a-2", "a-3", "b-1"], first.Items.Concat(second.Items).Select(x => x.MessageId));
        Assert.Null(second.Next);
        await Assert.ThrowsAsync<OutboxException>(() => Operations.SearchAsync(new() { Endpoint = "billing" }, first.Next));
        Assert.Null(await Operations.GetAsync("no id"));
    }

    [Fact]
    public async Task A_restored_message_has_its_effect_and_its_sequence_waits_for_it_again()
    {
        var endpoint = new SequenceEndpoint(Store);
        await endpoint.ReceiveAsync("a", 1);
        await Store.Parking.ParkAsync(SequenceEndpoint.Message("a", 2, ParkReason.Failed) with { InSequence = true }, CancellationToken.None);
        await endpoint.ReceiveAsync("a", 3);
        var failed = Assert.Single(await Operations.ListParkedAsync(reason: ParkReason.Failed));

        Assert.True(await Operations.DiscardAsync(failed.Id, Anna));
        Assert.Equal(InboxOutcome.Duplicate, await endpoint.ReceiveAsync("a", 2));
        Assert.Equal("anna", Assert.Single((await Operations.SearchDiscardedAsync(new() { EntityId = "a" })).Items).Discarded!.By.Name);
        Assert.Equal(Anna.Reason, (await Operations.GetAsync(failed.Id))!.Discarded!.Reason);

        Assert.True(await Operations.RestoreAsync(failed.Id, Anna));
        await endpoint.SweepAsync();
        Assert.Equal([1], await endpoint.EffectsAsync("a"));
        Assert.Equal(InboxOutcome.ProcessedAndAwaited, await endpoint.ReceiveAsync("a", 2));
        Assert.Equal([1, 2, 3], await endpoint.EffectsAsync("a"));
        Assert.False(await Operations.RestoreAsync(failed.Id, "again"));
    }

    [Fact]
    public async Task A_message_behind_which_its_sequence_went_on_is_not_restored()
    {
        var endpoint = new SequenceEndpoint(Store);
        await Store.Parking.ParkAsync(SequenceEndpoint.Message("a", 1, ParkReason.Failed) with { InSequence = true }, CancellationToken.None);
        var failed = await OnlyAsync();
        await Operations.DiscardAsync(failed.Id, Anna);
        await endpoint.ReceiveAsync("a", 2);

        Assert.Contains("version 2", (await Assert.ThrowsAsync<OutboxException>(() => Operations.RestoreAsync(failed.Id, "too late"))).Message, StringComparison.Ordinal);
        Assert.Single((await Operations.SearchDiscardedAsync(new())).Items);
        Assert.Empty(await Operations.ListParkedAsync());
    }

    [Fact]
    public async Task A_message_that_was_processed_before_it_was_discarded_stays_processed()
    {
        var endpoint = new SequenceEndpoint(Store);
        await endpoint.ReceiveAsync("a", 1);
        await ParkAsync("a", 1, "seen twice");
        var parked = await OnlyAsync();
        await Operations.DiscardAsync(parked.Id, Anna);

        Assert.True(await Operations.RestoreAsync(parked.Id, Anna));
        Assert.Equal(InboxOutcome.Duplicate, await endpoint.ReceiveAsync("a", 1));
    }

    [Theory]
    [InlineData("messageId", """{"messageId":"m","payload":{"amount":1},"version":1}""", """{"amount":1}""", """{"messageId":"m","payload":{"amount":7},"version":1}""")]
    [InlineData("ce_specversion", """{"amount":1}""", """{"amount":1}""", """{"amount":7}""")]
    public async Task A_payload_is_changed_within_its_envelope(string header, string value, string payload, string expected)
    {
        await Store.Parking.ParkAsync(
            SequenceEndpoint.Message("a", 1, ParkReason.Failed) with { Headers = [KeyValuePair.Create<string, byte[]?>(header, [49])], Value = Encoding.UTF8.GetBytes(value) }, CancellationToken.None);
        var before = await OnlyAsync();
        Assert.Equal(payload, before.Payload);

        await Assert.ThrowsAsync<OutboxException>(() => Operations.EditAndRetryAsync(before.Id, """{"amount":7}""", "another", Anna));
        Assert.True(await Operations.EditAndRetryAsync(before.Id, """{"amount":7}""", before.ETag, Anna));

        var after = await OnlyAsync();
        Assert.Equal((expected, true, before.Id), (Encoding.UTF8.GetString(after.Message.Value!), after.RetryRequested, after.Id));
        Assert.Equal(payload, Assert.Single((await Store.Audit.AuditAsync(new() { Act = AuditActs.Edit })).Items).Original);
        await Assert.ThrowsAsync<OutboxException>(() => Operations.EditAndRetryAsync(before.Id, "{}", before.ETag, Anna));
    }

    [Fact]
    public async Task What_is_not_JSON_is_not_edited()
    {
        await ParkAsync("a", 1, "x");
        var parked = await OnlyAsync();

        Assert.Null(parked.Payload);
        Assert.Contains("not JSON", (await Assert.ThrowsAsync<OutboxException>(() => Operations.EditAndRetryAsync(parked.Id, "{}", parked.ETag, Anna))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_act_is_in_the_audit()
    {
        await ParkAsync("a", 1, "x");
        var id = (await OnlyAsync()).Id;
        await Operations.DiscardAsync(id, Anna);
        await Operations.RestoreAsync(id, Anna);
        await Operations.RetryAsync(id, Anna);
        await new SequenceEndpoint(Store).ReceiveAsync("b", 2);
        await Operations.ReleaseAsync(SequenceEndpoint.Of("b"), Anna);
        await Operations.ReleaseAsync(SequenceEndpoint.Of("c"), Anna);

        Assert.Equal([AuditActs.Release, AuditActs.Retry, AuditActs.Restore, AuditActs.Discard], (await Store.Audit.AuditAsync(new())).Items.Select(x => x.Act));
        var retried = Assert.Single((await Store.Audit.AuditAsync(new() { MessageId = "a-1", Act = AuditActs.Retry })).Items);
        Assert.Equal(("anna", ActorKind.Claimed, Anna.Reason, "a", "entries", "ledger"), (retried.By.Name, retried.By.Kind, retried.Reason, retried.EntityId, retried.Topic, retried.Endpoint));
    }

    private async Task<ParkedInboxMessage> OnlyAsync() => (await Operations.GetAsync(Assert.Single((await Operations.SearchAsync(new())).Items).Id))!;

    private async Task<string> FoundAsync(ParkedInboxFilter filter) => string.Join(' ', (await Operations.SearchAsync(filter)).Items.Select(x => x.MessageId).Order());

    private Task ParkAsync(string entity, long version, string error) =>
        Store.Parking.ParkAsync(SequenceEndpoint.Message(entity, version, ParkReason.Failed) with { Error = error }, CancellationToken.None);
}

public sealed class InMemoryInboxFailuresTests() : InboxFailuresConformance(StoreKind.InMemory);

public sealed class MongoInboxFailuresTests() : InboxFailuresConformance(StoreKind.MongoDb);
