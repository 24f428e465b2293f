using CsCheck;
using Outbox.Delivery.Publishing;
using Outbox.Integration.Tests.Servers;
using Outbox.Messages;

namespace Outbox.Integration.Tests.Conformance;

/// <summary>IOutboxReader and IOutboxOperations: what the relay reads, and in which order.</summary>
public abstract class ReaderConformance(StoreKind kind) : ConformanceSuite(kind)
{
    private static readonly int[] AllLanes = [.. Enumerable.Range(0, StoreUnderTest.Lanes)];

    [Fact]
    public async Task G4_a_sweep_has_each_entitys_messages_in_order_whatever_order_they_were_stored_in()
    {
        var stored = Gen.Select(Gen.Int[0, 4], Gen.Long[1, 6]).Array[1, 25];
        await Gen.Select(stored, Gen.Int[1, 7]).SampleAsync(
            async (messages, pageSize) =>
            {
                await using var store = await AnotherAsync();
                foreach (var transaction in messages.Chunk(3))
                {
                    await store.Outbox.ExecuteAsync((tx, _) =>
                    {
                        Array.ForEach(transaction, x => tx.Publish(new OrderPlaced($"e{x.Item1}", 1), $"e{x.Item1}", x.Item2));
                        return Task.CompletedTask;
                    });
                }

                var swept = await store.CommittedAsync(pageSize);

                Assert.Equal(messages.Length, swept.Select(x => x.MessageId).Distinct().Count());
                Assert.Equal(swept.OrderBy(x => x.Lane).ThenBy(x => x.EntityId, StringComparer.Ordinal).ThenBy(x => x.Version).ThenBy(x => x.Ordinal), swept);
            },
            iter: 15,
            threads: 1);
    }

    [Fact]
    public async Task G4_a_sweep_never_has_a_version_without_the_one_before_it_whatever_is_committed_meanwhile()
    {
        var writing = Task.Run(async () =>
        {
            for (var version = 1; version <= 60; version++)
            {
                await Task.WhenAll(Enumerable.Range(0, 3).Select(entity => Store.PublishAsync($"e{entity}", version)));
            }
        });
        var sweeps = 0;
        while (!writing.IsCompleted || sweeps == 0)
        {
            var swept = (await Store.CommittedAsync(pageSize: 5)).GroupBy(x => x.EntityId);
            Assert.All(swept, entity => Assert.Equal(Enumerable.Range(1, entity.Count()).Select(x => (long)x), entity.Select(x => x.Version)));
            sweeps++;
        }

        await writing;
        Assert.Equal(180, (await Store.CommittedAsync()).Count);
    }

    [Fact]
    public async Task A_sweep_reads_the_lanes_that_it_was_asked_for_and_passes_over_held_entities()
    {
        for (var n = 0; n < 20; n++)
        {
            await Store.PublishAsync($"e{n}");
        }

        var all = await Store.CommittedAsync();
        var byLane = await Task.WhenAll(AllLanes.Select(lane => Store.CommittedAsync(lanes: [lane])));

        Assert.Equal(all, byLane.SelectMany(x => x), (one, other) => one!.MessageId == other!.MessageId);
        Assert.All(byLane.Index(), lane => Assert.All(lane.Item, message => Assert.Equal(lane.Index, message.Lane)));
        Assert.Equal(18, (await Store.CommittedAsync(1_000, null, "e3", "e4")).Count(x => x.EntityId is not ("e3" or "e4")));
    }

    [Fact]
    public async Task Delayed_messages_are_apart_and_come_when_they_are_due_the_longest_due_first()
    {
        var now = Store.Time.GetUtcNow();
        foreach (var minutes in new[] { 3, 1, 2, 9 })
        {
            await Store.PublishAsync("e", minutes, new() { NotBefore = now.AddMinutes(minutes) });
        }

        Assert.Empty(await Store.CommittedAsync());
        Assert.Empty(await Store.DueAsync(now));
        Assert.Equal([1, 2, 3], (await Store.DueAsync(now.AddMinutes(4))).Select(x => x.Version));
        Assert.Equal([1, 2, 3, 9], (await Store.DueAsync(now.AddMinutes(10), pageSize: 1)).Select(x => x.Version));
    }

    [Fact]
    public async Task What_is_published_or_expired_is_removed_and_nothing_else()
    {
        for (var version = 1; version <= 4; version++)
        {
            await Store.PublishAsync("a", version);
        }

        var all = await Store.CommittedAsync();
        await Store.Reader.CompleteAsync([all[1]], [all[3]], CancellationToken.None);
        await Store.Reader.CompleteAsync([all[1]], [], CancellationToken.None);

        Assert.Equal([1, 3], (await Store.CommittedAsync()).Select(x => x.Version));
        Assert.False(await Store.Operations.ReplayAsync(all[1].MessageId, "there is no history"));
    }

    [Fact]
    public async Task With_a_history_what_was_published_can_be_published_again()
    {
        await using var store = await AnotherAsync(o => o.Set(x => x.KeepSentFor = TimeSpan.FromDays(1)));
        await store.PublishAsync("a");
        var message = Assert.Single(await store.CommittedAsync());
        await store.Reader.CompleteAsync([message], [], CancellationToken.None);
        Assert.Empty(await store.CommittedAsync());

        Assert.True(await store.Operations.ReplayAsync(message.MessageId, "asked for"));

        Assert.Equal(message.MessageId, Assert.Single(await store.CommittedAsync()).MessageId);
    }

    [Fact]
    public async Task A_parked_message_holds_its_entity_until_a_person_decides()
    {
        await Store.PublishAsync("a");
        await Store.PublishAsync("b");
        var messages = await Store.CommittedAsync();
        await Store.Reader.ParkAsync([.. messages.Select(x => new UnpublishableMessage(x, "too large", 3, x.EntityId == "a"))], CancellationToken.None);

        Assert.Empty(await Store.CommittedAsync());
        Assert.Equal(["a"], await Store.Reader.ReadHeldEntitiesAsync(AllLanes, CancellationToken.None));
        var parked = (await Store.Operations.ListParkedAsync()).ToDictionary(x => x.Message.EntityId);
        Assert.Equal(("too large", 3, true), (parked["a"].Error, parked["a"].Attempts, parked["a"].HoldsEntity));

        Assert.True(await Store.Operations.RetryAsync(parked["a"].Message.MessageId, "smaller now"));
        Assert.True(await Store.Operations.DiscardAsync(parked["b"].Message.MessageId, "not needed"));
        Assert.False(await Store.Operations.DiscardAsync(parked["b"].Message.MessageId, "not there"));
        Assert.Empty(await Store.Reader.ReadHeldEntitiesAsync(AllLanes, CancellationToken.None));
        Assert.Equal("a", Assert.Single(await Store.CommittedAsync()).EntityId);
    }
}

public sealed class InMemoryReaderTests() : ReaderConformance(StoreKind.InMemory);

public sealed class MongoReaderTests() : ReaderConformance(StoreKind.MongoDb);
