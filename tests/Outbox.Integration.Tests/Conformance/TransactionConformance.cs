using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Conformance;

/// <summary>IOutbox: what belongs to a transaction, and what does not.</summary>
public abstract class TransactionConformance(StoreKind kind) : ConformanceSuite(kind)
{
    private const int Many = 500;

    [Fact]
    public async Task G1_messages_that_are_published_in_parallel_are_all_stored_in_the_order_of_the_calls()
    {
        var called = new List<string>();
        await Store.Outbox.ExecuteAsync((tx, ct) =>
        {
            // A transaction that the server aborted runs again.
            called.Clear();
            return Task.WhenAll(Enumerable.Range(0, Many).Select(async n =>
            {
                await Task.Delay(5, ct);
                lock (called)
                {
                    tx.Publish(new OrderPlaced($"{n}", n), "a");
                    called.Add($"{n}");
                }

                tx.Publish(new OrderCancelled($"{n}"), $"b{n}");
            }));
        });

        var committed = await Store.CommittedAsync();
        Assert.Equal(Many * 2, committed.Count);
        Assert.Equal(Enumerable.Range(0, Many * 2), committed.Select(x => x.Ordinal).Order());
        Assert.Equal(called, committed.Where(x => x.EntityId == "a").OrderBy(x => x.Version).Select(x => x.Payload!.Split('"')[3]));
        Assert.Equal(Enumerable.Range(1, Many).Select(x => (long)x), committed.Where(x => x.EntityId == "a").Select(x => x.Version));
    }

    [Fact]
    public async Task G1_what_is_published_by_work_that_nobody_awaited_is_refused_and_never_lost()
    {
        var returned = new TaskCompletionSource();
        Task late = Task.CompletedTask;
        await Store.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new OrderPlaced("a", 1), "a");
            late = Task.Run(async () =>
            {
                await returned.Task;
                tx.Publish(new OrderCancelled("a"), "a");
            }, CancellationToken.None);
            return Task.CompletedTask;
        });
        returned.SetResult();

        var refused = await Assert.ThrowsAsync<OutboxException>(() => late);

        Assert.Contains("await all work inside the callback", refused.Message, StringComparison.Ordinal);
        Assert.Single(await Store.CommittedAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task G1_a_background_loop_that_was_started_inside_a_transaction_has_its_own_after_it(bool fails)
    {
        var ended = new TaskCompletionSource();
        Task loop = Task.CompletedTask;
        var outer = Store.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new OrderPlaced("a", 1), "a");
            loop = Task.Run(async () =>
            {
                await ended.Task;
                for (var n = 0; n < 3; n++)
                {
                    await Store.PublishAsync($"loop{n}");
                }
            }, CancellationToken.None);
            return fails ? throw new InvalidTimeZoneException() : Task.CompletedTask;
        });
        await (fails ? Assert.ThrowsAsync<InvalidTimeZoneException>(() => outer) : outer);
        ended.SetResult();

        await loop;

        Assert.Equal(fails ? ["loop0", "loop1", "loop2"] : ["a", "loop0", "loop1", "loop2"], (await Store.CommittedAsync()).Select(x => x.EntityId).Order());
    }

    [Fact]
    public async Task G1_half_of_a_nested_calls_work_is_not_committed_when_its_error_is_caught()
    {
        var failed = await Assert.ThrowsAsync<OutboxException>(() => Store.Outbox.ExecuteAsync(async (outer, ct) =>
        {
            outer.Publish(new OrderPlaced("a", 1), "a");
            await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Store.Outbox.ExecuteAsync(
                (inner, _) =>
                {
                    inner.Publish(new OrderPlaced("b", 1), "b");
                    throw new InvalidTimeZoneException("the first error");
                },
                ct));
            outer.Publish(new OrderCancelled("a"), "a");
        }));

        Assert.IsType<InvalidTimeZoneException>(failed.InnerException);
        Assert.Contains("the first error", failed.Message, StringComparison.Ordinal);
        Assert.Empty(await Store.CommittedAsync());
        await Store.PublishAsync("a");
        Assert.Single(await Store.CommittedAsync());
    }

    [Fact]
    public async Task G4_each_type_of_entity_has_a_counter_of_its_own_and_each_topic()
    {
        await using var store = await AnotherAsync(o =>
        {
            o.Topic("order-notes", t =>
            {
                t.EntityType = "orders";
                t.Message<OrderNoted>();
            });
        });
        for (var n = 0; n < 2; n++)
        {
            await store.Outbox.ExecuteAsync((tx, _) =>
            {
                tx.Publish(new OrderPlaced("42", n), "42");
                tx.Publish(new CustomerMoved("42"), "42");
                tx.Publish(new OrderNoted("42"), "42");
                tx.Publish(new OrderPlaced("42", n), "42");
                return Task.CompletedTask;
            });
        }

        var committed = (await store.CommittedAsync()).ToLookup(x => (x.EntityType, x.Topic), x => x.Version);
        Assert.Equal([1, 2, 3, 4], committed[("orders", "orders")].Order());
        Assert.Equal([1, 2], committed[("customer", "customers")].Order());
        Assert.Equal([1, 2], committed[("orders", "order-notes")].Order());
    }

    [Fact]
    public async Task G1_a_message_id_that_the_outbox_has_is_refused_in_the_callers_transaction()
    {
        await Store.PublishAsync("a", options: new() { MessageId = "taken" });

        var refused = await Assert.ThrowsAsync<OutboxException>(() => Store.PublishAsync("b", options: new() { MessageId = "taken" }));

        Assert.Contains("has a message taken already", refused.Message, StringComparison.Ordinal);
        Assert.Equal("a", Assert.Single(await Store.CommittedAsync()).EntityId);
    }

    public sealed record OrderNoted(string Id);
}

public sealed class InMemoryTransactionTests() : TransactionConformance(StoreKind.InMemory);

public sealed class MongoTransactionTests() : TransactionConformance(StoreKind.MongoDb);
