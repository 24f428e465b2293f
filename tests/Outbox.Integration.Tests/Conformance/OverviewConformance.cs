using Outbox.Capture;
using Outbox.Delivery.Publishing;
using Outbox.Inbox;
using Outbox.Operations;
using Outbox.Operations.Pausing;
using Outbox.Operations.Seeing;

namespace Outbox.Integration.Tests.Conformance;

/// <summary>IOutboxOverview: what a store says of how an outbox is.</summary>
public abstract class OverviewConformance(StoreKind kind) : ConformanceSuite(kind)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private IOutboxOverview Seeing => Store.Get<IOutboxOverview>();

    [Fact]
    public async Task What_is_empty_is_healthy_and_known()
    {
        var seen = await Seeing.ReadAsync();

        Assert.Equal((OverviewState.Healthy, 0L, 0L, 0L, 0L), (seen.State, seen.Pending!.Value, seen.Delayed!.Value, seen.Parked!.Value, seen.InboxForAPerson!.Value));
        Assert.Equal((StoreUnderTest.Lanes, StoreUnderTest.Lanes), (seen.Lanes!.Value, seen.LanesWithoutOwner!.Count));
        Assert.Null(seen.OldestAge);
        Assert.Empty(seen.Unknown);
        Assert.Empty(seen.Relays!);
        Assert.Empty(seen.Endpoints!);
        Assert.Equal(DateTimeOffset.UtcNow, seen.At, Long);
    }

    [Fact]
    public async Task Pending_messages_without_a_relay_are_unhealthy_and_with_one_healthy()
    {
        await Store.PublishAsync("a", 1);
        await Store.PublishAsync("b", 1, new MessageOptions { NotBefore = Store.Time.GetUtcNow().AddDays(1) });
        var alone = await Seeing.ReadAsync();
        await RelayAsync("relay-1", [.. Enumerable.Range(0, StoreUnderTest.Lanes)]);
        var relayed = await Seeing.ReadAsync();

        Assert.Equal((OverviewState.Unhealthy, OverviewCodes.NoRelay), (alone.State, Assert.Single(alone.Findings).Code));
        Assert.Equal((2L, 1L), (alone.Pending!.Value, alone.Delayed!.Value));
        Assert.NotNull(alone.OldestAge);
        Assert.Equal(OverviewState.Healthy, relayed.State);
        Assert.Equal("relay-1", Assert.Single(relayed.Relays!).Name);
        Assert.Equal(StoreUnderTest.Lanes, relayed.Relays![0].Lanes.Count);
    }

    [Fact]
    public async Task Lanes_and_instances_say_who_has_what()
    {
        await Store.PublishAsync("a", 1);
        await RelayAsync("relay-1", [0, 1]);
        await RelayAsync("relay-2", [2]);

        var lanes = await Seeing.ListLanesAsync();
        Assert.Equal(Enumerable.Range(0, StoreUnderTest.Lanes), lanes.Select(lane => lane.Number));
        Assert.Equal(["relay-1", "relay-1", "relay-2", null], lanes.Take(4).Select(lane => lane.Owner));
        Assert.Equal(1, lanes.Sum(lane => lane.Pending));
        Assert.True(lanes[0].ExpiresAt > DateTimeOffset.UtcNow);
        Assert.Null(lanes[3].ExpiresAt);

        var instances = (await Seeing.ListInstancesAsync()).Where(instance => instance.Lanes.Count > 0).ToList();
        Assert.Equal([("relay-1", true), ("relay-2", true)], instances.Select(instance => (instance.Name, instance.IsAlive)));
        Assert.Equal([0, 1], instances[0].Lanes);
        Assert.NotNull(instances[0].RelaySeenAt);

        await Store.Leases.ReleaseAsync([0, 1], "relay-1", CancellationToken.None);
        Assert.Equal([null, null, "relay-2"], (await Seeing.ListLanesAsync()).Take(3).Select(lane => lane.Owner));
    }

    [Fact]
    public async Task What_is_parked_is_counted_by_place_and_reason()
    {
        await Store.PublishAsync("a", 1);
        var message = Assert.Single(await Store.CommittedAsync());
        await Store.Reader.ParkAsync([new UnpublishableMessage(message, "the message is too large", 3, HoldsEntity: true)], CancellationToken.None);
        await ParkAsync("a", 1, ParkReason.Failed);
        await ParkAsync("b", 1, ParkReason.Failed);
        await ParkAsync("b", 2, ParkReason.Unreadable);
        await new SequenceEndpoint(Store).ReceiveAsync("c", 4);

        var seen = await Seeing.ReadAsync();

        Assert.Equal((1L, 3L), (seen.Parked!.Value, seen.InboxForAPerson!.Value));
        Assert.Equal([("orders", ParkReason.Failed, 1L)], seen.OutboxParked!.Select(total => (total.Place, total.Reason, total.Count)));
        Assert.Equal(
            [("ledger", ParkReason.Failed, 2L), ("ledger", ParkReason.Gap, 1L), ("ledger", ParkReason.Unreadable, 1L)],
            seen.InboxParked!.Select(total => (total.Place, total.Reason, total.Count)).OrderBy(total => total.Reason));
        var endpoint = Assert.Single(seen.Endpoints!);
        Assert.Equal(("ledger", 0, 2L, 1L, 1L, 0L), (endpoint.Endpoint, endpoint.Instances, endpoint.Failed, endpoint.Unreadable, endpoint.Waiting, endpoint.OverdueGaps));
        Assert.Equal([OverviewCodes.Parked, OverviewCodes.InboxParked, OverviewCodes.EndpointGone], seen.Findings.Select(finding => finding.Code));
        Assert.Equivalent(endpoint, Assert.Single(await Seeing.ListEndpointsAsync()));
    }

    [Fact]
    public async Task What_is_paused_is_degraded_and_said()
    {
        await Store.Get<IPauses>().PauseAsync(new PauseRequest(PauseTarget.Topic("orders"), "the consumers are broken") { By = Actor.Claimed("ann") });

        var seen = await Seeing.ReadAsync();

        Assert.Equal("the consumers are broken", Assert.Single(seen.Pauses!).Reason);
        Assert.Equal((OverviewState.Degraded, OverviewCodes.Paused, "orders"), (seen.State, Assert.Single(seen.Findings).Code, seen.Findings[0].Topic));
    }

    [Fact]
    public async Task Sequences_that_wait_come_once_by_endpoint_and_deadline_page_by_page()
    {
        var ledger = new SequenceEndpoint(Store);
        await ledger.ReceiveAsync("done", 1);
        foreach (var (entity, version) in new[] { ("c", 3L), ("a", 5L), ("c", 4L), ("b", 2L), ("a", 3L), ("c", 9L) })
        {
            await ledger.ReceiveAsync(entity, version);
            Store.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await Store.Buffer.AddAsync(new Sequence("audit", "entries", "c"), SequenceEndpoint.Message("c", 7) with { Endpoint = "audit" }, CancellationToken.None);

        var seen = new List<WaitingSequence>();
        string? cursor = null;
        do
        {
            var page = await Seeing.ListWaitingAsync(cursor: cursor, size: 1);
            Assert.True(page.Items.Count <= 1);
            seen.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal([("audit", "c", 7L), ("ledger", "c", 3L), ("ledger", "a", 3L), ("ledger", "b", 2L)], seen.Select(one => (one.Sequence.Endpoint, one.Sequence.EntityId, one.FirstWaiting)));
        Assert.All(seen, one => Assert.Equal((0L, 0), (one.Version, one.Asks)));
        Assert.All(seen, one => Assert.True(one.Deadline > one.Since));
        Assert.Equal(["c", "a", "b"], (await Seeing.ListWaitingAsync("ledger")).Items.Select(one => one.Sequence.EntityId));
        Assert.Null((await Seeing.ListWaitingAsync("ledger", size: 3)).Next);
        Assert.Empty((await Seeing.ListWaitingAsync("nobody")).Items);
    }

    [Fact]
    public async Task A_sequence_says_how_far_it_came_and_is_listed_no_more_when_it_goes_on()
    {
        var ledger = new SequenceEndpoint(Store);
        await ledger.ReceiveAsync("a", 1);
        await ledger.ReceiveAsync("a", 3);
        var waiting = Assert.Single((await Seeing.ListWaitingAsync()).Items);
        await ledger.ReceiveAsync("a", 2);

        Assert.Equal((1L, 3L), (waiting.Version, waiting.FirstWaiting));
        Assert.Empty((await Seeing.ListWaitingAsync()).Items);
    }

    [Fact]
    public async Task A_cursor_of_another_list_and_a_size_that_is_none_are_refused()
    {
        var ledger = new SequenceEndpoint(Store);
        await ledger.ReceiveAsync("a", 3);
        await ledger.ReceiveAsync("b", 3);
        var next = (await Seeing.ListWaitingAsync("ledger", size: 1)).Next;

        Assert.NotNull(next);
        await Assert.ThrowsAsync<OutboxException>(() => Seeing.ListWaitingAsync(cursor: next));
        await Assert.ThrowsAsync<OutboxException>(() => Seeing.ListWaitingAsync(cursor: "no cursor"));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Seeing.ListWaitingAsync(size: 1_001));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Seeing.ListWaitingAsync(size: 0));
    }

    private Task ParkAsync(string entity, long version, ParkReason reason) =>
        Store.Parking.ParkAsync(SequenceEndpoint.Message(entity, version, reason) with { Error = "no such account", Attempts = 5 }, CancellationToken.None);

    private async Task RelayAsync(string name, IReadOnlyCollection<int> lanes)
    {
        await Store.Leases.HeartbeatAsync(name, Long, CancellationToken.None);
        await Store.Leases.AcquireAsync(lanes, name, Long, CancellationToken.None);
    }
}

public sealed class InMemoryOverviewTests() : OverviewConformance(StoreKind.InMemory);

public sealed class MongoOverviewTests() : OverviewConformance(StoreKind.MongoDb);
