using CsCheck;
using Microsoft.Extensions.Time.Testing;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;

namespace Outbox.Integration.Tests.Inbox.Sequencing;

/// <summary>Strategy 4: each version after the one before it, once, whatever order they come in.</summary>
[Trait("Broker", "none")]
public sealed class SequenceTests : IAsyncLifetime
{
    private readonly string _database = $"t{Guid.NewGuid():N}";
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private SequenceInstance _instance = null!;

    public async ValueTask InitializeAsync() => _instance = await StartAsync();

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    [Fact]
    public async Task G6_a_hundred_permutations_of_fifty_versions_with_duplicates_and_restarts_take_effect_once_and_in_order()
    {
        var instances = new[] { _instance, await StartAsync(), await StartAsync() };
        var versions = Enumerable.Range(1, 50).Select(version => (long)version).ToArray();
        var arrivals = from again in Gen.Long[1, 50].Array[0, 10] from order in Gen.Shuffle(versions.Concat(again).ToArray()) select order;
        var run = 0;
        await arrivals.SampleAsync(
            async order =>
            {
                var entity = $"e{Interlocked.Increment(ref run)}";
                for (var i = 0; i < order.Length; i++)
                {
                    // Every message may meet another instance than the last, as after a restart or a rebalance.
                    await instances[i % instances.Length].ReceiveAsync(entity, order[i]);
                }

                Assert.Equal(versions, await _instance.HistoryAsync(entity));
                Assert.Equal(0, await _instance.WaitingAsync(entity));
            },
            iter: 100,
            threads: 2);
    }

    [Fact]
    public async Task Several_instances_at_once_apply_each_version_once_and_in_order()
    {
        var instances = new[] { _instance, await StartAsync(), await StartAsync() };
        for (var round = 0; round < 10; round++)
        {
            var entity = $"c{round}";
            await Task.WhenAll(instances.Select(async (instance, n) =>
            {
                // Overlapping shares: most versions come to two instances.
                foreach (var version in Enumerable.Range(1, 12).Where(version => version % 3 != n).Reverse())
                {
                    await instance.ReceiveAsync(entity, version);
                }
            }));
            await _instance.SweepAsync();

            Assert.Equal(Enumerable.Range(1, 12).Select(version => (long)version), await _instance.HistoryAsync(entity));
            Assert.Equal(0, await _instance.WaitingAsync(entity));
        }
    }

    [Fact]
    public async Task A_message_that_comes_before_its_predecessor_waits_and_has_no_effect()
    {
        Assert.Equal(InboxOutcome.Early, await _instance.ReceiveAsync("a", 2));
        Assert.Equal(InboxOutcome.Early, await _instance.ReceiveAsync("a", 2));

        Assert.Empty(await _instance.HistoryAsync("a"));
        var waiting = await _instance.Parked.Find(new BsonDocument("entityId", "a")).SingleAsync();
        Assert.Equal(("gap", 2L, "a-2"), (waiting["reason"].AsString, waiting["version"].ToInt64(), waiting["messageId"].AsString));
        Assert.Equal(_time.GetUtcNow().AddMinutes(5).UtcDateTime, waiting["deadline"].ToUniversalTime(), TimeSpan.FromMilliseconds(2));
    }

    [Fact]
    public async Task G10_what_an_instance_left_behind_when_it_was_killed_is_run_by_another()
    {
        foreach (var version in new long[] { 3, 2, 4 })
        {
            await _instance.ReceiveAsync("k", version);
        }

        // Killed between the commit of version 1 and the first of those that waited for it.
        Assert.Equal(InboxOutcome.ProcessedAndAwaited, await _instance.ProcessAsync("k", 1));
        await using var other = await StartAsync();
        await other.SweepAsync();

        Assert.Equal([1, 2, 3, 4], await other.HistoryAsync("k"));
        Assert.Equal(0, await other.WaitingAsync("k"));
        Assert.Empty(await other.Buffer.ReadyAsync("ledger", "entries", CancellationToken.None));
    }

    [Fact]
    public async Task G10_a_kill_between_a_waiting_messages_commit_and_its_removal_has_no_second_effect()
    {
        await _instance.ReceiveAsync("r", 2);
        await _instance.ProcessAsync("r", 1);
        Assert.NotEqual(InboxOutcome.Early, await _instance.ProcessAsync("r", 2));
        await _instance.SweepAsync();

        Assert.Equal([1, 2], await _instance.HistoryAsync("r"));
        Assert.Equal(0, await _instance.WaitingAsync("r"));
    }

    [Fact]
    public async Task A_predecessor_that_comes_while_its_follower_is_about_to_wait_is_not_missed()
    {
        Assert.Equal(InboxOutcome.Early, await _instance.ProcessAsync("x", 2));
        await _instance.ReceiveAsync("x", 1);

        Assert.Equal(WaitOutcome.Ready, await _instance.Buffer.AddAsync(SequenceInstance.Of("x"), SequenceInstance.Message("x", 2), CancellationToken.None));
        Assert.Equal(0, await _instance.WaitingAsync("x"));
    }

    [Fact]
    public async Task A_message_that_fails_holds_its_successors_until_it_succeeds()
    {
        _instance.Fail("f", 2);
        await _instance.ReceiveAsync("f", 1);
        Assert.Null(await _instance.ReceiveAsync("f", 2));
        await _instance.ReceiveAsync("f", 3);
        await _instance.ReceiveAsync("g", 1);

        Assert.Equal([1], await _instance.HistoryAsync("f"));
        Assert.Equal([1], await _instance.HistoryAsync("g"));
        _instance.Fail("f", 2, fails: false);
        await _instance.ReceiveAsync("f", 2);
        Assert.Equal([1, 2, 3], await _instance.HistoryAsync("f"));
    }

    [Fact]
    public async Task Hold_reports_an_overdue_message_once_and_waits_on()
    {
        await _instance.ReceiveAsync("h", 3);
        Assert.Empty(await _instance.SweepAsync());
        _time.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal(new OverdueGap(SequenceInstance.Of("h"), 3, GapPolicy.Hold), Assert.Single(await _instance.SweepAsync()));
        Assert.Empty(await _instance.SweepAsync());
        await _instance.ReceiveAsync("h", 1);
        await _instance.ReceiveAsync("h", 2);
        Assert.Equal([1, 2, 3], await _instance.HistoryAsync("h"));
    }

    [Theory]
    [InlineData(GapPolicy.Apply, new long[] { 3, 4 }, new long[] { 3, 4, 5 })]
    [InlineData(GapPolicy.Skip, new long[] { 4 }, new long[] { 4, 5 })]
    public async Task After_the_deadline_the_sequence_goes_on_as_OnGap_says(GapPolicy policy, long[] applied, long[] afterTheNext)
    {
        await using var instance = await StartAsync(o => o.OnGap = policy);
        await instance.ReceiveAsync($"d{policy}", 3);
        _time.Advance(TimeSpan.FromMinutes(4));
        await instance.ReceiveAsync($"d{policy}", 4);
        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(policy, Assert.Single(await instance.SweepAsync()).Decision);
        Assert.Equal(applied, await instance.HistoryAsync($"d{policy}"));
        Assert.Equal(InboxOutcome.Stale, await instance.ReceiveAsync($"d{policy}", 2));
        await instance.ReceiveAsync($"d{policy}", 5);
        Assert.Equal(afterTheNext, await instance.HistoryAsync($"d{policy}"));
        Assert.Equal(0, await instance.WaitingAsync($"d{policy}"));
    }

    [Fact]
    public async Task G9_no_more_messages_wait_than_the_limits_say()
    {
        await using var instance = await StartAsync(o =>
        {
            o.EntityLimit = 3;
            o.TotalLimit = 5;
        });
        Assert.Equal([WaitOutcome.Waiting, WaitOutcome.Waiting, WaitOutcome.Waiting, WaitOutcome.Full], await AddAsync(instance, "l1", 2, 3, 4, 5));
        Assert.Equal([WaitOutcome.Waiting, WaitOutcome.Waiting, WaitOutcome.Full], await AddAsync(instance, "l2", 2, 3, 4));
        // One that waits already is not refused.
        Assert.Equal([WaitOutcome.Waiting], await AddAsync(instance, "l2", 3));

        await instance.ReceiveAsync("l1", 1);
        Assert.Equal([WaitOutcome.Waiting], await AddAsync(instance, "l2", 4));
    }

    [Fact]
    public async Task A_topic_can_have_its_own_deadline_limits_and_OnGap_and_else_has_those_of_all()
    {
        await using var instance = await SequenceInstance.StartAsync(
            _database,
            o => (o.EntityLimit, o.Deadline, o.OnGap) = (2, TimeSpan.FromMinutes(1), GapPolicy.Skip),
            _time,
            topic: o => (o.Deadline, o.OnGap) = (TimeSpan.FromMinutes(3), GapPolicy.Apply));
        Assert.Equal([WaitOutcome.Waiting, WaitOutcome.Waiting, WaitOutcome.Full], await AddAsync(instance, "t", 2, 3, 4));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Empty(await instance.SweepAsync());
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(GapPolicy.Apply, Assert.Single(await instance.SweepAsync()).Decision);
    }

    private static async Task<List<WaitOutcome>> AddAsync(SequenceInstance instance, string entity, params long[] versions)
    {
        var outcomes = new List<WaitOutcome>();
        foreach (var version in versions)
        {
            outcomes.Add(await instance.Buffer.AddAsync(SequenceInstance.Of(entity), SequenceInstance.Message(entity, version), CancellationToken.None));
        }

        return outcomes;
    }

    private Task<SequenceInstance> StartAsync(Action<SequenceOptions>? options = null) => SequenceInstance.StartAsync(_database, options, _time);
}
