using Outbox.Delivery.Publishing;
using Outbox.Inbox;
using Outbox.Operations;
using Outbox.Operations.Auditing;
using Outbox.Operations.Bulk;

namespace Outbox.Integration.Tests.Conformance;

/// <summary>IBulkOperations: acts on many messages, each once.</summary>
public abstract class BulkConformance(StoreKind kind) : ConformanceSuite(kind)
{
    private static readonly BulkRequest RetryAll = new() { Action = BulkAction.Retry, Reason = "the broker is back", By = Actor.Authenticated("anna"), Outbox = new() };

    private IBulkOperations Bulk => Store.Bulk;

    [Fact]
    public async Task An_operation_does_what_its_filter_has_and_says_how_far_it_is()
    {
        await ParkAsync("a", "too large", 1, 2, 3);
        await ParkAsync("b", "no such type", 1, 2);
        var group = (await Store.Operations.GroupsAsync()).First(x => x.Count == 3).Group;

        var started = await Bulk.StartAsync(RetryAll with { Outbox = new() { ErrorGroup = group } });
        Assert.Equal((BulkState.Waiting, 3, 0), (started.State, started.Total, started.Done));
        var ended = await Bulk.RunAsync(started.Id);

        Assert.Equal((BulkState.Done, 3, 3, 0, 0), (ended.State, ended.Total, ended.Done, ended.Skipped, ended.FailedAgain));
        Assert.True(ended.StartedAt <= ended.BeganAt && ended.BeganAt <= ended.EndedAt);
        Assert.Equal(["a-1", "a-2", "a-3"], (await Store.CommittedAsync()).Select(x => x.MessageId));
        Assert.Equal(2, await Store.Operations.CountAsync(new()));
        Assert.Equal(ended, await Bulk.GetOperationAsync(started.Id));
        Assert.Equal("anna", ended.Request.By.Name);
        var acts = (await Store.Audit.AuditAsync(new() { OperationId = started.Id })).Items;
        Assert.Equal(["a-1", "a-2", "a-3"], acts.Where(x => x.Act == AuditActs.Retry).SelectMany(x => x.MessageIds).Order());
        Assert.Single(acts, x => x.Act == AuditActs.Start);
    }

    [Fact]
    public async Task What_fails_again_is_counted_and_not_tried_twice()
    {
        await ParkAsync("a", "too large", 1, 2);
        var started = await Bulk.StartAsync(RetryAll);
        await AfterAsync(started);
        await ParkAsync("b", "parked later", 1);
        await Bulk.RunAsync(started.Id);
        await ParkCommittedAsync("too large");

        var ended = await Bulk.RunAsync(started.Id);
        Assert.Equal((2, 2), (ended.Done, ended.FailedAgain));
        Assert.Equal((3, 1), (await Store.Operations.CountAsync(new()), (await Store.Operations.GetAsync("a-1"))!.Failure.Retries));
        Assert.Equal((started.Id, null), ((await Store.Operations.GetAsync("a-1"))!.Failure.OperationId, (await Store.Operations.GetAsync("b-1"))!.Failure.OperationId));

        await Bulk.RunAsync((await Bulk.StartAsync(RetryAll)).Id);
        Assert.Equal(0, (await Bulk.GetOperationAsync(started.Id))!.FailedAgain);
    }

    [Fact]
    public async Task A_limit_takes_the_first_versions_of_an_entity()
    {
        await ParkAsync("a", "too large", 3, 1, 2);

        var ended = await Bulk.RunAsync((await Bulk.StartAsync(RetryAll with { Limit = 2 })).Id);

        Assert.Equal((2, 2, BulkState.Done), (ended.Total, ended.Done, ended.State));
        Assert.Equal("a-3", Assert.Single((await Store.Operations.SearchAsync(new())).Items).Id);
    }

    [Fact]
    public async Task What_is_discarded_can_be_restored()
    {
        await ParkAsync("a", "too large", 1, 2);
        var ended = await Bulk.RunAsync((await Bulk.StartAsync(RetryAll with { Action = BulkAction.Discard })).Id);

        Assert.Equal(2, ended.Done);
        var discarded = (await Store.Operations.SearchDiscardedAsync(new())).Items;
        Assert.Equal([ended.Id, ended.Id], discarded.Select(x => x.Discarded!.OperationId));
        Assert.True(await Store.Operations.RestoreAsync("a-1", "not that one"));
    }

    [Fact]
    public async Task An_operation_that_is_cancelled_does_no_more()
    {
        await ParkAsync("a", "too large", 1, 2);
        var started = await Bulk.StartAsync(RetryAll);

        Assert.True(await Bulk.CancelAsync(started.Id, "it was the wrong one"));
        var ended = await Bulk.RunAsync(started.Id);
        Assert.Equal((BulkState.Cancelled, 0), (ended.State, ended.Done));
        Assert.NotNull(ended.EndedAt);
        Assert.Equal(2, await Store.Operations.CountAsync(new()));
        Assert.False(await Bulk.CancelAsync(started.Id, "again"));
        Assert.False(await Bulk.CancelAsync("none", "none"));
        Assert.Single((await Store.Audit.AuditAsync(new() { Act = AuditActs.Cancel })).Items);
    }

    [Fact]
    public async Task An_operation_is_started_once_by_its_id()
    {
        await ParkAsync("a", "too large", 1);
        var first = await Bulk.StartAsync(RetryAll with { Id = "night" });
        await Bulk.RunAsync("night");

        Assert.Equal((first.Id, BulkState.Done), ((await Bulk.StartAsync(RetryAll with { Id = "night" })).Id, (await Bulk.StartAsync(RetryAll with { Id = "night" })).State));
        Assert.Contains("night", (await Assert.ThrowsAsync<OutboxException>(() => Bulk.StartAsync(RetryAll with { Id = "night", Action = BulkAction.Discard }))).Message, StringComparison.Ordinal);
        Assert.Contains("none", (await Assert.ThrowsAsync<OutboxException>(() => Bulk.RunAsync("none"))).Message, StringComparison.Ordinal);
        Assert.Single((await Store.Audit.AuditAsync(new() { Act = AuditActs.Start })).Items);
    }

    [Fact]
    public async Task Operations_are_listed_the_latest_first()
    {
        foreach (var id in new[] { "one", "two", "three" })
        {
            await AfterAsync(await Bulk.StartAsync(RetryAll with { Id = id }));
        }

        var page = await Bulk.ListOperationsAsync(size: 2);
        Assert.Equal(["three", "two"], page.Items.Select(x => x.Id));
        Assert.Equal("one", Assert.Single((await Bulk.ListOperationsAsync(page.Next, size: 2)).Items).Id);
        await Assert.ThrowsAsync<OutboxException>(() => Bulk.ListOperationsAsync("wrong"));
    }

    [Fact]
    public async Task A_request_that_is_none_is_refused()
    {
        BulkRequest[] wrong =
        [
            RetryAll with { Outbox = null }, RetryAll with { Inbox = new() }, RetryAll with { Reason = " " }, RetryAll with { Limit = 0 }, RetryAll with { PerSecond = 0 },
            RetryAll with { PerSecond = double.NaN }, RetryAll with { Id = "" }, RetryAll with { Id = new string('x', 129) },
        ];
        foreach (var request in wrong)
        {
            await Assert.ThrowsAsync<OutboxException>(() => Bulk.StartAsync(request));
        }

        Assert.Empty((await Bulk.ListOperationsAsync()).Items);
    }

    [Fact]
    public async Task Endpoints_are_asked_to_try_again_what_failed_and_not_what_waits()
    {
        var endpoint = new SequenceEndpoint(Store);
        await endpoint.ReceiveAsync("b", 3);
        foreach (var version in new long[] { 2, 1 })
        {
            await Store.Parking.ParkAsync(SequenceEndpoint.Message("a", version, ParkReason.Failed), CancellationToken.None);
        }

        var started = await Bulk.StartAsync(RetryAll with { Outbox = null, Inbox = new() { Endpoint = "ledger" } });
        var ended = await Bulk.RunAsync(started.Id);
        Assert.Equal((2, 2, 0), (ended.Total, ended.Done, ended.FailedAgain));
        Assert.Equal([1L, 2], (await endpoint.RetriesAsync()).Select(x => x.Version!.Value));

        await Store.Parking.ParkAsync(SequenceEndpoint.Message("a", 1, ParkReason.Failed), CancellationToken.None);
        await Store.Buffer.RemoveAsync(SequenceEndpoint.Message("a", 2), CancellationToken.None);
        Assert.Equal(1, (await Bulk.RunAsync(started.Id)).FailedAgain);
    }

    [Fact]
    public async Task What_is_refused_is_left_with_the_reason()
    {
        await new SequenceEndpoint(Store).ReceiveAsync("b", 3);
        await Store.Parking.ParkAsync(SequenceEndpoint.Message("a", 1, ParkReason.Failed), CancellationToken.None);

        var ended = await Bulk.RunAsync((await Bulk.StartAsync(RetryAll with { Action = BulkAction.Discard, Outbox = null, Inbox = new() })).Id);

        Assert.Equal((BulkState.Done, 2, 1, 1), (ended.State, ended.Total, ended.Done, ended.Skipped));
        Assert.Contains("ReleaseAsync", ended.Error, StringComparison.Ordinal);
        Assert.Equal("b", Assert.Single((await Store.InboxOperations.SearchAsync(new())).Items).EntityId);
        Assert.Equal("a", Assert.Single((await Store.InboxOperations.SearchDiscardedAsync(new())).Items).EntityId);
    }

    [Fact]
    public async Task What_was_given_up_is_parked_again_by_a_filter_and_once()
    {
        await ParkAsync("a", "too large", 1, 2, 3);
        await ParkAsync("b", "too large", 1);
        await AfterAsync(await Bulk.RunAsync((await Bulk.StartAsync(RetryAll with { Action = BulkAction.Discard })).Id));
        var restore = RetryAll with { Action = BulkAction.Restore, Outbox = new() { EntityId = "a" }, Reason = "it was the wrong filter" };

        var started = await Bulk.StartAsync(restore);
        await AfterAsync(started);
        await Store.Operations.RestoreAsync("a-3", "by hand");
        await Store.Operations.DiscardAsync("a-3", "given up once more");
        var ended = await Bulk.RunAsync(started.Id);

        Assert.Equal((BulkState.Done, BulkAction.Restore, 3, 2, 1, 0), (ended.State, ended.Request.Action, ended.Total, ended.Done, ended.Skipped, ended.FailedAgain));
        Assert.Equal(["a-1", "a-2"], (await Store.Operations.SearchAsync(new())).Items.Select(x => x.Id));
        Assert.Equal(["a-3", "b-1"], (await Store.Operations.SearchDiscardedAsync(new())).Items.Select(x => x.Id).Order());
        var acts = (await Store.Audit.AuditAsync(new() { OperationId = started.Id, Act = AuditActs.Restore })).Items;
        Assert.Equal(["a-1", "a-2"], acts.SelectMany(x => x.MessageIds).Order());

        Assert.Equal((1, 1), ((await Bulk.RunAsync((await Bulk.StartAsync(restore)).Id)).Done, (await Bulk.RunAsync((await Bulk.StartAsync(restore with { Outbox = new() { EntityId = "b" } })).Id)).Done));
        Assert.Equal(2, (await Bulk.RunAsync((await Bulk.StartAsync(RetryAll with { Limit = 2 })).Id)).Done);
        Assert.Equal(["a-1", "a-2"], (await Store.CommittedAsync()).Select(x => x.MessageId));
    }

    [Fact]
    public async Task A_sequence_steps_back_over_all_that_is_restored_of_it()
    {
        var endpoint = new SequenceEndpoint(Store);
        await ParkInSequenceAsync("a", 1, 2, 3);
        await AfterAsync(await Bulk.RunAsync((await Bulk.StartAsync(RetryAll with { Action = BulkAction.Discard, Outbox = null, Inbox = new() })).Id));

        var ended = await Bulk.RunAsync((await Bulk.StartAsync(RetryAll with { Action = BulkAction.Restore, Outbox = null, Inbox = new() })).Id);

        Assert.Equal((BulkState.Done, 3, 0, null), (ended.State, ended.Done, ended.Skipped, ended.Error));
        Assert.Equal(3, await Store.InboxOperations.CountAsync(new() { Reason = ParkReason.Failed }));
        Assert.Equal(InboxOutcome.Early, await endpoint.ProcessAsync("a", 2));
        Assert.NotEqual(InboxOutcome.Early, await endpoint.ProcessAsync("a", 1));
        Assert.Equal([1L], await endpoint.EffectsAsync("a"));
    }

    [Fact]
    public async Task What_something_has_gone_past_is_not_restored_and_the_others_are()
    {
        var endpoint = new SequenceEndpoint(Store);
        await ParkInSequenceAsync("a", 1);
        await ParkInSequenceAsync("b", 1);
        await AfterAsync(await Bulk.RunAsync((await Bulk.StartAsync(RetryAll with { Action = BulkAction.Discard, Outbox = null, Inbox = new() })).Id));
        await endpoint.ReceiveAsync("a", 2);

        var ended = await Bulk.RunAsync((await Bulk.StartAsync(RetryAll with { Action = BulkAction.Restore, Outbox = null, Inbox = new() })).Id);

        Assert.Equal((BulkState.Done, 2, 1, 1), (ended.State, ended.Total, ended.Done, ended.Skipped));
        Assert.Contains("a-1 ", ended.Error, StringComparison.Ordinal);
        Assert.Contains("cannot be restored", ended.Error, StringComparison.Ordinal);
        Assert.Equal("b", Assert.Single((await Store.InboxOperations.SearchAsync(new())).Items).EntityId);
    }

    private async Task ParkInSequenceAsync(string entity, params long[] versions)
    {
        foreach (var version in versions)
        {
            await Store.Parking.ParkAsync(SequenceEndpoint.Message(entity, version, ParkReason.Failed) with { InSequence = true }, CancellationToken.None);
        }
    }

    /// <summary>What happens now happens later than it, by the clock of either store.</summary>
    private async Task AfterAsync(BulkOperation started)
    {
        Store.Time.Advance(TimeSpan.FromMilliseconds(10));
        while (DateTimeOffset.UtcNow <= started.StartedAt.AddMilliseconds(1) && started.StartedAt - DateTimeOffset.UtcNow < TimeSpan.FromSeconds(1))
        {
            await Task.Yield();
        }
    }

    private async Task ParkAsync(string entity, string error, params int[] versions)
    {
        foreach (var version in versions)
        {
            await Store.PublishAsync(entity, version, new() { MessageId = $"{entity}-{version}" });
        }

        await ParkCommittedAsync(error);
    }

    private async Task ParkCommittedAsync(string error) => await Store.Reader.ParkAsync(
        [.. (await Store.CommittedAsync()).Select(x => new UnpublishableMessage(x, error, 1, HoldsEntity: false))], CancellationToken.None);
}

public sealed class InMemoryBulkTests() : BulkConformance(StoreKind.InMemory);

public sealed class MongoBulkTests() : BulkConformance(StoreKind.MongoDb);
