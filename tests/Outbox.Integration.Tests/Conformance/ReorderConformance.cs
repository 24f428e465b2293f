using CsCheck;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;

namespace Outbox.Integration.Tests.Conformance;

/// <summary>IReorderBuffer with IInbox: each version after the one before it, once, whatever order they come in.</summary>
public abstract class ReorderConformance(StoreKind kind) : ConformanceSuite(kind)
{
    private SequenceEndpoint Endpoint => new(Store);

    [Fact]
    public async Task G6_any_permutation_with_any_duplicates_ends_in_the_whole_sequence_each_version_once()
    {
        var arrivals =
            from length in Gen.Int[1, 12]
            let versions = Enumerable.Range(1, length).Select(version => (long)version).ToArray()
            from again in Gen.Long[1, length].Array[0, 6]
            from order in Gen.Shuffle(versions.Concat(again).ToArray())
            select order;
        var run = 0;
        await arrivals.SampleAsync(
            async order =>
            {
                var entity = $"e{Interlocked.Increment(ref run)}";
                foreach (var version in order)
                {
                    await Endpoint.ReceiveAsync(entity, version);
                }

                Assert.Equal(order.Distinct().Order(), await Endpoint.EffectsAsync(entity));
                Assert.Null(await Store.Buffer.NextAsync(SequenceEndpoint.Of(entity), CancellationToken.None));
            },
            iter: 40,
            threads: 1);
        Assert.Equal(0, await Endpoint.WaitingAsync());
    }

    [Fact]
    public async Task Instances_that_share_the_work_end_in_the_whole_sequence_too()
    {
        for (var round = 0; round < 5; round++)
        {
            var entity = $"c{round}";
            await Task.WhenAll(Enumerable.Range(0, 3).Select(share => Task.Run(async () =>
            {
                foreach (var version in Enumerable.Range(1, 9).Where(version => version % 3 != share).Reverse())
                {
                    await Endpoint.ReceiveAsync(entity, version);
                }
            })));
            await Endpoint.SweepAsync();

            Assert.Equal(Enumerable.Range(1, 9).Select(version => (long)version), await Endpoint.EffectsAsync(entity));
        }

        Assert.Equal(0, await Endpoint.WaitingAsync());
    }

    [Fact]
    public async Task A_predecessor_that_comes_while_its_follower_is_about_to_wait_is_not_missed()
    {
        Assert.Equal(InboxOutcome.Early, await Endpoint.ProcessAsync("x", 2));
        Assert.Equal(InboxOutcome.Processed, await Endpoint.ReceiveAsync("x", 1));

        Assert.Equal(WaitOutcome.Ready, await Endpoint.AddAsync("x", 2));
        Assert.Equal(0, await Endpoint.WaitingAsync());
    }

    [Fact]
    public async Task G10_what_an_instance_left_behind_is_found_by_another()
    {
        foreach (var version in new long[] { 3, 2, 4 })
        {
            await Endpoint.ReceiveAsync("k", version);
        }

        Assert.Empty(await Endpoint.ReadyAsync());
        Assert.Equal(InboxOutcome.ProcessedAndAwaited, await Endpoint.ProcessAsync("k", 1));
        Assert.Equal([SequenceEndpoint.Of("k")], await Endpoint.ReadyAsync());
        await Endpoint.SweepAsync();

        Assert.Equal([1, 2, 3, 4], await Endpoint.EffectsAsync("k"));
        Assert.Empty(await Endpoint.ReadyAsync());
    }

    [Fact]
    public async Task A_message_that_fails_holds_its_successors_until_it_succeeds()
    {
        var endpoint = Endpoint;
        endpoint.Fail("f", 1);
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => endpoint.ReceiveAsync("f", 1));
        Assert.Equal(InboxOutcome.Early, await endpoint.ReceiveAsync("f", 2));
        Assert.Empty(await endpoint.EffectsAsync("f"));

        endpoint.Fail("f", 1, fails: false);
        await endpoint.ReceiveAsync("f", 1);
        Assert.Equal([1, 2], await endpoint.EffectsAsync("f"));
    }

    [Fact]
    public async Task G9_no_more_messages_wait_than_the_limits_say()
    {
        (Store.Sequences.EntityLimit, Store.Sequences.TotalLimit) = (3, 5);

        Assert.Equal([WaitOutcome.Waiting, WaitOutcome.Waiting, WaitOutcome.Waiting, WaitOutcome.Full], await AddAsync("l1", 2, 3, 4, 5));
        Assert.Equal([WaitOutcome.Waiting, WaitOutcome.Waiting, WaitOutcome.Full, WaitOutcome.Waiting], await AddAsync("l2", 2, 3, 4, 3));
        await Endpoint.ReceiveAsync("l1", 1);
        Assert.Equal([WaitOutcome.Waiting], await AddAsync("l2", 4));
    }

    [Fact]
    public async Task Hold_reports_an_overdue_message_once_and_waits_on()
    {
        await Endpoint.ReceiveAsync("h", 3);
        Assert.Empty(await Endpoint.SweepAsync());
        Store.Time.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal(new OverdueGap(SequenceEndpoint.Of("h"), 3, GapPolicy.Hold), Assert.Single(await Endpoint.SweepAsync()));
        Assert.Empty(await Endpoint.SweepAsync());
        await Endpoint.ReceiveAsync("h", 1);
        await Endpoint.ReceiveAsync("h", 2);
        Assert.Equal([1, 2, 3], await Endpoint.EffectsAsync("h"));
    }

    [Fact]
    public async Task Hold_reports_an_overdue_message_again_when_it_was_given_up_and_taken_back()
    {
        await Endpoint.ReceiveAsync("h", 3);
        Store.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.Single(await Endpoint.SweepAsync());
        await Store.Buffer.GiveUpAsync(SequenceEndpoint.Of("h"), GapPolicy.Apply, version: null, CancellationToken.None);
        var parked = Assert.Single(await Store.InboxOperations.ListParkedAsync());
        Assert.True(await Store.InboxOperations.DiscardAsync(parked.Id, "test"));
        Assert.Empty(await Endpoint.SweepAsync());

        Assert.True(await Store.InboxOperations.RestoreAsync(parked.Id, "test"));

        Assert.Equal(new OverdueGap(SequenceEndpoint.Of("h"), 3, GapPolicy.Hold), Assert.Single(await Endpoint.SweepAsync()));
    }

    [Theory]
    [InlineData(GapPolicy.Apply, new long[] { 3, 5, 6 })]
    [InlineData(GapPolicy.Skip, new long[] { 6 })]
    public async Task After_the_deadline_the_sequence_goes_on_as_OnGap_says(GapPolicy policy, long[] applied)
    {
        Store.Sequences.OnGap = policy;
        foreach (var version in new long[] { 3, 5 })
        {
            await Endpoint.ReceiveAsync("d", version);
            Store.Time.Advance(TimeSpan.FromMinutes(6));
            Assert.Equal(policy, Assert.Single(await Endpoint.SweepAsync()).Decision);
        }

        Assert.Equal(InboxOutcome.Stale, await Endpoint.ReceiveAsync("d", 2));
        Assert.Equal(InboxOutcome.Duplicate, await Endpoint.ReceiveAsync("d", 2));
        await Endpoint.ReceiveAsync("d", 6);
        Assert.Equal(applied, await Endpoint.EffectsAsync("d"));
        Assert.Equal(0, await Endpoint.WaitingAsync());
    }

    private async Task<List<WaitOutcome>> AddAsync(string entity, params long[] versions)
    {
        var outcomes = new List<WaitOutcome>();
        foreach (var version in versions)
        {
            outcomes.Add(await Endpoint.AddAsync(entity, version));
        }

        return outcomes;
    }
}

public sealed class InMemoryReorderTests() : ReorderConformance(StoreKind.InMemory);

public sealed class MongoReorderTests() : ReorderConformance(StoreKind.MongoDb);
