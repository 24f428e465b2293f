using CsCheck;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Versioning;
using static Outbox.Integration.Tests.Versioning.AccountStore;

namespace Outbox.Integration.Tests.Versioning;

/// <summary>Histories that arrive in any order, with duplicates, from several writers.</summary>
[Trait("Broker", "none")]
public sealed class AnyOrderTests : IAsyncLifetime
{
    /// <summary>Each version at least once, in any order, some again.</summary>
    private static readonly Gen<long[]> Arrivals =
        from length in Gen.Int[1, 8]
        from again in Gen.Long[1, length].Array[0, 8]
        from order in Gen.Shuffle(Enumerable.Range(1, length).Select(version => (long)version).Concat(again).ToArray())
        select order;

    private AccountStore _store = null!;

    public async ValueTask InitializeAsync() => _store = await CreateAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(MessageOrdering.NewestVersion)]
    [InlineData(MessageOrdering.NewestTimestamp)]
    public Task G7_any_order_with_any_duplicates_ends_in_the_state_of_the_last_version(MessageOrdering ordering) => Arrivals.SampleAsync(
        async arrivals =>
        {
            var id = NewId();
            var model = (StoredStamp?)null;
            foreach (var version in arrivals)
            {
                var stamp = Stamp(id, version, ordering);
                Assert.Equal(VersionRule.Decide(model, stamp), await _store.ReplaceAsync(stamp));
                model = VersionRule.Decide(model, stamp) == ApplyOutcome.Applied ? new StoredStamp(version, stamp.MessageId, stamp.Timestamp.UtcDateTime) : model;
            }

            Assert.Equal(arrivals.Max() * 10, (await _store.ReadAsync(id))["balance"].ToInt64());
        },
        iter: 60);

    [Fact]
    public Task G7_a_history_that_ends_with_a_delete_ends_deleted_in_any_order() => Arrivals.SampleAsync(
        async arrivals =>
        {
            var id = NewId();
            foreach (var version in arrivals)
            {
                await (version == arrivals.Max() ? _store.Accounts.ApplyDeleteAsync(null, Stamp(id, version))
                    : version % 2 == 0 ? _store.Accounts.ApplyAsync(null, Stamp(id, version), Update.Set(x => x.Note, $"{version}"))
                    : _store.ReplaceAsync(Stamp(id, version)));
            }

            var state = await _store.ReadAsync(id);
            Assert.Equal((true, arrivals.Max(), false), (state["deleted"].AsBoolean, state["version"].ToInt64(), state.Contains("balance")));
        },
        iter: 60);

    [Fact]
    public Task Equal_timestamps_end_at_the_greatest_id_in_any_order() => Arrivals.SampleAsync(
        async arrivals =>
        {
            var id = NewId();
            foreach (var version in arrivals)
            {
                await _store.ReplaceAsync(Stamp(id, version, MessageOrdering.NewestTimestamp) with { Timestamp = DateTimeOffset.UnixEpoch });
            }

            Assert.Equal($"m{arrivals.Max()}", (await _store.ReadAsync(id))["lastMessageId"].AsString);
        },
        iter: 60);

    [Fact]
    public async Task In_partition_order_each_change_is_applied_as_it_comes_and_its_duplicate_left_out()
    {
        var id = NewId();
        var outcomes = new List<ApplyOutcome>();
        foreach (var version in new long[] { 5, 5, 3, 3, 4 })
        {
            outcomes.Add(await _store.ReplaceAsync(Stamp(id, version, MessageOrdering.Partition)));
        }

        Assert.Equal([ApplyOutcome.Applied, ApplyOutcome.Duplicate, ApplyOutcome.Applied, ApplyOutcome.Duplicate, ApplyOutcome.Applied], outcomes);
        Assert.Equal(40, (await _store.ReadAsync(id))["balance"].AsInt32);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task G7_concurrent_writers_without_a_transaction_end_in_the_last_version(bool updates)
    {
        for (var round = 0; round < 20; round++)
        {
            var id = NewId();
            var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var writers = Enumerable.Range(0, 16).Select(async n =>
            {
                var stamp = Stamp(id, (n % 8) + 1);
                await start.Task;
                return updates
                    ? await _store.Accounts.ApplyAsync(null, stamp, Update.Set(x => x.Balance, (int)stamp.Version * 10))
                    : await _store.ReplaceAsync(stamp);
            }).ToList();
            start.SetResult();
            var outcomes = await Task.WhenAll(writers);

            Assert.Equal(80, (await _store.ReadAsync(id))["balance"].AsInt32);
            Assert.Single(outcomes.Where((outcome, n) => n % 8 == 7 && outcome == ApplyOutcome.Applied));
        }
    }
}
