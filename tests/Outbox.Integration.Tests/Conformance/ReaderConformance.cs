using CsCheck;
using Outbox.Delivery.Operations;
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
                Assert.Equal(swept.OrderBy(x => x.Lane).ThenBy(x => x.EntityId, StringComparer.Ordinal).ThenBy(x => x.EntityType, StringComparer.Ordinal).ThenBy(x => x.Version).ThenBy(x => x.Ordinal), swept);
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
        Assert.Equal(18, (await Store.CommittedAsync(1_000, null, new("orders", "e3"), new("orders", "e4"))).Count(x => x.EntityId is not ("e3" or "e4")));
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
        Assert.Equal([new Entity("orders", "a")], await Store.Reader.ReadHeldEntitiesAsync(AllLanes, CancellationToken.None));
        var parked = (await Store.Operations.ListParkedAsync()).ToDictionary(x => x.Message.EntityId);
        Assert.Equal(("too large", 3, true), (parked["a"].Error, parked["a"].Attempts, parked["a"].HoldsEntity));

        Assert.True(await Store.Operations.RetryAsync(parked["a"].Message.MessageId, "smaller now"));
        Assert.True(await Store.Operations.DiscardAsync(parked["b"].Message.MessageId, "not needed"));
        Assert.False(await Store.Operations.DiscardAsync(parked["b"].Message.MessageId, "not there"));
        Assert.Empty(await Store.Reader.ReadHeldEntitiesAsync(AllLanes, CancellationToken.None));
        Assert.Equal("a", Assert.Single(await Store.CommittedAsync()).EntityId);
    }

    [Fact]
    public async Task G4_entities_of_one_id_have_orders_and_holds_of_their_own()
    {
        await Store.PublishAsync("42", 1);
        await MoveAsync("42", 1);
        await Store.PublishAsync("42", 2);
        await MoveAsync("42", 2);
        Assert.Equal(["customer 42/1", "customer 42/2", "orders 42/1", "orders 42/2"], Names(await Store.CommittedAsync(pageSize: 1)));

        var order = (await Store.CommittedAsync()).First(x => x.EntityType == "orders");
        await Store.Reader.ParkAsync([new UnpublishableMessage(order, "too large", 1, true)], CancellationToken.None);
        var held = await Store.Reader.ReadHeldEntitiesAsync(AllLanes, CancellationToken.None);

        Assert.Equal([new Entity("orders", "42")], held);
        Assert.Equal(["customer 42/1", "customer 42/2"], Names(await Store.CommittedAsync(held: [.. held])));
        Assert.Equal(["orders 42/2"], Names(await Store.SweptAsync(request => request with { WaitingEntities = [new("customer", "42")] })));
        Assert.Empty(await Store.SweptAsync(request => request with { WaitingEntities = [new("customer", "42"), new("orders", "42")] }));
    }

    [Fact]
    public async Task G4_what_is_behind_a_message_of_a_closed_topic_waits_with_it_and_everything_else_is_read()
    {
        await Store.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new CustomerMoved("c1"), "c1", 1);
            tx.Publish(new CustomerMoved("c1"), "c1", 3);
            return Task.CompletedTask;
        });
        await Store.PublishAsync("o1", 1);
        await Store.PublishAsync("o2", 1);
        await using var store = await AnotherAsync(o => o.Topic("both", t =>
        {
            t.EntityType = "customer";
            t.Message<CustomerCalled>();
        }));
        await store.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new CustomerMoved("c1"), "c1", 1);
            tx.Publish(new CustomerCalled("c1"), "c1", 2);
            tx.Publish(new CustomerCalled("c2"), "c2", 1);
            tx.Publish(new CustomerMoved("c2"), "c2", 2);
            tx.Publish(new CustomerCalled("c2"), "c2", 3);
            tx.Publish(new CustomerCalled("c2"), "c2", 4);
            return Task.CompletedTask;
        });

        Assert.Equal(["orders o1/1", "orders o2/1"], Names(await Store.SweptAsync(request => request with { ClosedPlaces = [new("customers")] }, pageSize: 1)).Order());
        Assert.Empty(await Store.SweptAsync(request => request with { ClosedPlaces = [Place.Cluster] }));
        foreach (var pageSize in new[] { 1, 2, 3, 100 })
        {
            Assert.Equal(["customer c2/1"], Names(await store.SweptAsync(request => request with { ClosedPlaces = [new("customers")] }, pageSize)));
            Assert.Equal(["customer c1/1"], Names(await store.SweptAsync(request => request with { ClosedPlaces = [new("both")] }, pageSize)));
        }
    }

    [Fact]
    public async Task G4_entities_with_many_messages_of_a_closed_topic_hide_nothing_behind_them()
    {
        foreach (var order in new[] { "o1", "o2" })
        {
            await Store.Outbox.ExecuteAsync((tx, _) =>
            {
                for (var version = 1; version <= 30; version++)
                {
                    tx.Publish(new OrderPlaced(order, version), order, version);
                }

                return Task.CompletedTask;
            });
        }

        await using var store = await AnotherAsync(o => o.Topic("both", t =>
        {
            t.EntityType = "customer";
            t.Message<CustomerCalled>();
        }));
        await store.Outbox.ExecuteAsync((tx, _) =>
        {
            for (var customer = 0; customer < 6; customer++)
            {
                for (var version = 1; version <= 20; version++)
                {
                    tx.Publish(new CustomerMoved($"c{customer}"), $"c{customer}", version);
                }

                tx.Publish(new CustomerCalled($"c{customer}"), $"c{customer}", 21);
                tx.Publish(new CustomerCalled($"d{customer}"), $"d{customer}", 1);
            }

            return Task.CompletedTask;
        });

        foreach (var pageSize in new[] { 1, 3, 100 })
        {
            Assert.Equal(
                Enumerable.Range(0, 6).Select(n => $"customer d{n}/1"),
                Names(await store.SweptAsync(request => request with { ClosedPlaces = [new("customers")] }, pageSize)).Order(StringComparer.Ordinal));
            Assert.Equal(60, (await Store.SweptAsync(request => request with { ClosedPlaces = [new("customers")] }, pageSize)).Count);
        }
    }

    [Fact]
    public async Task Parked_messages_are_listed_retried_and_discarded_by_what_they_have_in_common()
    {
        foreach (var version in new long[] { 2, 1 })
        {
            await Store.PublishAsync("o1", version);
            await MoveAsync("c1", version);
        }

        var all = await Store.CommittedAsync();
        await Store.Reader.ParkAsync([.. all.Select(x => new UnpublishableMessage(x, x.Version == 1 ? "not authorised (1+1)" : "too large", 1, true))], CancellationToken.None);
        var parkedAt = (await Store.Operations.ListParkedAsync())[0].ParkedAt;

        Assert.Equal(2, (await Store.Operations.ListParkedAsync(new ParkedFilter { Error = "authorised (1+1)" })).Count);
        Assert.Empty(await Store.Operations.ListParkedAsync(new ParkedFilter { Error = "authorised .1" }));
        Assert.Equal(2, (await Store.Operations.ListParkedAsync(new ParkedFilter { Topic = "customers", EntityType = "customer", EntityId = "c1" })).Count);
        Assert.Empty(await Store.Operations.ListParkedAsync(new ParkedFilter { ParkedBefore = parkedAt }));
        Assert.Equal(4, (await Store.Operations.ListParkedAsync(new ParkedFilter { ParkedFrom = parkedAt, ParkedBefore = parkedAt.AddMinutes(1) })).Count);

        Assert.Equal(2, await Store.Operations.RetryAllAsync(new ParkedFilter { Topic = "orders" }, "granted"));
        Assert.Equal(["orders o1/1", "orders o1/2"], Names(await Store.CommittedAsync()));
        Assert.Equal(1, await Store.Operations.DiscardAllAsync(new ParkedFilter { Error = "too large" }, "not needed"));
        Assert.Equal(0, await Store.Operations.DiscardAllAsync(new ParkedFilter { Error = "too large" }, "again"));
        Assert.Equal(["customer c1/1"], Names((await Store.Operations.ListParkedAsync()).Select(x => x.Message)));
    }

    private Task MoveAsync(string customer, long version) => Store.Outbox.ExecuteAsync((tx, _) =>
    {
        tx.Publish(new CustomerMoved(customer), customer, version);
        return Task.CompletedTask;
    });

    private static IEnumerable<string> Names(IEnumerable<OutboxMessage> messages) => messages.Select(x => $"{x.Entity}/{x.Version}");
}

public sealed class InMemoryReaderTests() : ReaderConformance(StoreKind.InMemory);

public sealed class MongoReaderTests() : ReaderConformance(StoreKind.MongoDb);
