using Outbox.Inbox;
using Outbox.Inbox.Operations;

namespace Outbox.Integration.Tests.Conformance;

/// <summary>IInboxParking and IInboxOperations: what a person sees of parked messages, and can do about them.</summary>
public abstract class InboxOperationsConformance(StoreKind kind) : ConformanceSuite(kind)
{
    private SequenceEndpoint Endpoint => new(Store);

    [Fact]
    public async Task G8_a_parked_message_is_kept_whole_and_once()
    {
        var message = SequenceEndpoint.Message("a", 1, ParkReason.Failed);
        await Store.Parking.ParkAsync(message, CancellationToken.None);
        await Store.Parking.ParkAsync(message with { Error = "again", Attempts = 2 }, CancellationToken.None);

        var parked = Assert.Single(await Store.InboxOperations.ListParkedAsync());
        Assert.Equal(("again", 2, ParkReason.Failed, "a-1", 1L), (parked.Message.Error, parked.Message.Attempts, parked.Message.Reason, parked.Message.MessageId, parked.Message.Version));
        Assert.Equal(message.Value, parked.Message.Value);
        Assert.Equal(message.Key, parked.Message.Key);
        Assert.Equal(message.Headers, parked.Message.Headers, (one, other) => one.Key == other.Key && one.Value.AsSpan().SequenceEqual(other.Value));
        Assert.Equal(DateTimeOffset.UtcNow, parked.ParkedAt, TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task G8_what_was_cut_within_a_character_is_parked_all_the_same()
    {
        var half = "😀"[..1];
        var message = SequenceEndpoint.Message("a", 1, ParkReason.Failed) with { Error = "cut " + half, MessageId = "m" + half, EntityId = "e" + half, Type = "t" + half, Key = [0xFF, 0x00] };
        await Store.Parking.ParkAsync(message, CancellationToken.None);

        var parked = Assert.Single(await Store.InboxOperations.ListParkedAsync()).Message;
        Assert.Equal(("cut \uFFFD", "m\uFFFD", "e\uFFFD", "t\uFFFD"), (parked.Error, parked.MessageId, parked.EntityId, parked.Type));
        Assert.Equal(message.Key, parked.Key);
    }

    [Fact]
    public async Task The_list_can_be_narrowed_to_an_endpoint_and_a_reason()
    {
        await Store.Parking.ParkAsync(SequenceEndpoint.Message("a", 1, ParkReason.Failed), CancellationToken.None);
        Store.Time.Advance(TimeSpan.FromSeconds(1));
        await Store.Parking.ParkAsync(SequenceEndpoint.Message("b", 2, ParkReason.Unreadable) with { Endpoint = "other" }, CancellationToken.None);
        Store.Time.Advance(TimeSpan.FromSeconds(1));
        await Endpoint.ReceiveAsync("c", 3);

        Assert.Equal(["a", "b", "c"], await EntitiesAsync());
        Assert.Equal(["b"], await EntitiesAsync(endpoint: "other"));
        Assert.Equal(["c"], await EntitiesAsync(reason: ParkReason.Gap));
        Assert.Equal(["a"], await EntitiesAsync(limit: 1));
    }

    [Fact]
    public async Task Parked_messages_are_listed_retried_and_discarded_by_what_they_have_in_common()
    {
        foreach (var version in new long[] { 3, 1, 2 })
        {
            await Store.Parking.ParkAsync(
                SequenceEndpoint.Message("a", version, ParkReason.Failed) with { EntityType = "account", Error = version == 3 ? "no such account" : "timeout (5 s)" }, CancellationToken.None);
        }

        await Store.Parking.ParkAsync(SequenceEndpoint.Message("b", 1, ParkReason.Unreadable) with { Topic = "others" }, CancellationToken.None);
        var parkedAt = (await Store.InboxOperations.ListParkedAsync())[0].ParkedAt;

        Assert.Equal(2, (await Store.InboxOperations.ListParkedAsync(new ParkedInboxFilter { Error = "timeout (5 s)" })).Count);
        Assert.Single(await Store.InboxOperations.ListParkedAsync(new ParkedInboxFilter { Topic = "others", Reason = ParkReason.Unreadable }));
        Assert.Equal(3, (await Store.InboxOperations.ListParkedAsync(new ParkedInboxFilter { EntityType = "account", EntityId = "a", ParkedFrom = parkedAt })).Count);
        Assert.Empty(await Store.InboxOperations.ListParkedAsync(new ParkedInboxFilter { ParkedBefore = parkedAt }));

        Assert.Equal(2, await Store.InboxOperations.RetryAllAsync(new ParkedInboxFilter { Error = "timeout" }, "the service is back"));
        Assert.Equal([1L, 2], (await Endpoint.RetriesAsync()).Select(x => x.Version!.Value));
        Assert.Equal(1, await Store.InboxOperations.DiscardAllAsync(new ParkedInboxFilter { Error = "no such account" }, "it was a test"));
        Assert.Equal(3, (await Store.InboxOperations.ListParkedAsync()).Count);
    }

    [Fact]
    public async Task Discarding_many_goes_in_the_order_of_versions_and_leaves_what_waits_for_another()
    {
        await Endpoint.ReceiveAsync("a", 3);
        await Endpoint.ReceiveAsync("a", 2);
        await Store.Parking.ParkAsync(SequenceEndpoint.Message("a", 1, ParkReason.Failed) with { InSequence = true }, CancellationToken.None);
        await Endpoint.ReceiveAsync("b", 2);

        Assert.Equal(3, await Store.InboxOperations.DiscardAllAsync(new ParkedInboxFilter { Endpoint = "ledger" }, "given up"));

        Assert.Equal("b", Assert.Single(await Store.InboxOperations.ListParkedAsync()).Message.EntityId);
    }

    [Fact]
    public async Task A_retry_is_asked_for_until_the_message_is_done()
    {
        var message = SequenceEndpoint.Message("a", 1, ParkReason.Failed);
        await Store.Parking.ParkAsync(message, CancellationToken.None);
        var id = Assert.Single(await Store.InboxOperations.ListParkedAsync()).Id;
        Assert.Empty(await Endpoint.RetriesAsync());

        Assert.True(await Store.InboxOperations.RetryAsync(id, "the database is back"));
        Assert.Equal("a-1", Assert.Single(await Endpoint.RetriesAsync()).MessageId);
        Assert.True(Assert.Single(await Store.InboxOperations.ListParkedAsync()).RetryRequested);

        // It fails again: the next try is asked for anew.
        await Store.Parking.ParkAsync(message with { Attempts = 2 }, CancellationToken.None);
        Assert.Empty(await Endpoint.RetriesAsync());
        Assert.True(await Store.InboxOperations.RetryAsync(id, "once more"));
        await Store.Buffer.RemoveAsync(message, CancellationToken.None);
        Assert.False(await Store.InboxOperations.RetryAsync(id, "gone"));
    }

    [Fact]
    public async Task A_discarded_message_has_no_effect_and_those_behind_it_go_on()
    {
        var endpoint = Endpoint;
        endpoint.Fail("a", 2);
        await endpoint.ReceiveAsync("a", 1);
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => endpoint.ReceiveAsync("a", 2));
        await Store.Parking.ParkAsync(SequenceEndpoint.Message("a", 2, ParkReason.Failed), CancellationToken.None);
        await endpoint.ReceiveAsync("a", 3);
        var failed = Assert.Single(await Store.InboxOperations.ListParkedAsync(reason: ParkReason.Failed));

        Assert.True(await Store.InboxOperations.DiscardAsync(failed.Id, "wrong amount"));
        await endpoint.SweepAsync();

        Assert.Equal([1, 3], await endpoint.EffectsAsync("a"));
        Assert.Equal(InboxOutcome.Duplicate, await endpoint.ReceiveAsync("a", 2));
        Assert.Empty(await Store.InboxOperations.ListParkedAsync());
        Assert.False(await Store.InboxOperations.DiscardAsync(failed.Id, "gone"));
    }

    [Fact]
    public async Task What_waits_for_a_predecessor_cannot_be_discarded_and_can_be_released()
    {
        await Endpoint.ReceiveAsync("a", 3);
        var waiting = Assert.Single(await Store.InboxOperations.ListParkedAsync());

        var refused = await Assert.ThrowsAsync<OutboxException>(() => Store.InboxOperations.DiscardAsync(waiting.Id, "no"));
        Assert.Contains("ReleaseAsync", refused.Message, StringComparison.Ordinal);
        Assert.Single(await Store.InboxOperations.ListParkedAsync());

        Assert.True(await Store.InboxOperations.ReleaseAsync(SequenceEndpoint.Of("a"), "version 1 and 2 are lost"));
        await Endpoint.SweepAsync();
        Assert.Equal([3], await Endpoint.EffectsAsync("a"));
        Assert.False(await Store.InboxOperations.ReleaseAsync(SequenceEndpoint.Of("a"), "nothing waits"));
    }

    private async Task<List<string?>> EntitiesAsync(string? endpoint = null, ParkReason? reason = null, int limit = 100) =>
        [.. (await Store.InboxOperations.ListParkedAsync(endpoint, reason, limit)).Select(x => x.Message.EntityId)];
}

public sealed class InMemoryInboxOperationsTests() : InboxOperationsConformance(StoreKind.InMemory);

public sealed class MongoInboxOperationsTests() : InboxOperationsConformance(StoreKind.MongoDb);
