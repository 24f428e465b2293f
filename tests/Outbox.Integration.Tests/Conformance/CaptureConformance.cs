using Outbox.Capture;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Conformance;

/// <summary>IOutbox: a message exists if and only if its transaction committed.</summary>
public abstract class CaptureConformance(StoreKind kind) : ConformanceSuite(kind)
{
    [Fact]
    public async Task G1_a_commit_brings_the_messages_and_the_callbacks_result()
    {
        var result = await Store.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new OrderPlaced("a", 1), "a", 1);
            tx.Publish(new OrderCancelled("a"), "a", 1);
            return Task.FromResult("done");
        });

        Assert.Equal("done", result);
        Assert.Equal([("order-placed", 0), ("order-cancelled", 1)], (await Store.CommittedAsync()).Select(x => (x.Type, x.Ordinal)));
    }

    [Fact]
    public async Task G1_a_callback_that_fails_leaves_no_message()
    {
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Store.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new OrderPlaced("a", 1), "a");
            throw new InvalidTimeZoneException();
        }));

        Assert.Empty(await Store.CommittedAsync());
        await Store.PublishAsync("a");
        Assert.Equal(1, Assert.Single(await Store.CommittedAsync()).Version);
    }

    public static TheoryData<string> Wrong => ["unregistered", "no entity", "version 0", "sent", "too large", "reserved header", "the same id twice", "an id that is taken"];

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task G1_what_cannot_be_captured_leaves_none_of_its_transactions_messages(string what)
    {
        await Store.PublishAsync("before", options: new() { MessageId = "taken" });

        await Assert.ThrowsAnyAsync<Exception>(() => Store.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new OrderPlaced("a", 1), "a");
            Capture(tx, what);
            return Task.CompletedTask;
        }));

        Assert.Equal("taken", Assert.Single(await Store.CommittedAsync()).MessageId);
    }

    [Fact]
    public async Task G4_versions_that_nobody_supplies_are_those_of_the_commits()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async n => await Store.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new OrderPlaced("a", n), "a");
            tx.Publish(new OrderPlaced("b", n), "b");
            tx.Publish(new OrderPlaced("a", n), "a");
            return Task.CompletedTask;
        })));

        var committed = (await Store.CommittedAsync()).ToLookup(x => x.EntityId);
        Assert.Equal(Enumerable.Range(1, 40).Select(x => (long)x), committed["a"].Select(x => x.Version));
        Assert.Equal(Enumerable.Range(1, 20).Select(x => (long)x), committed["b"].Select(x => x.Version));
        Assert.All(committed["a"].Chunk(2), pair => Assert.Equal(pair[0].Payload, pair[1].Payload));
    }

    [Fact]
    public async Task A_call_inside_a_transaction_joins_it()
    {
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Store.Outbox.ExecuteAsync(async (outer, ct) =>
        {
            await Store.Outbox.ExecuteAsync(
                (inner, _) =>
                {
                    Assert.Same(outer, inner);
                    inner.Publish(new OrderPlaced("a", 1), "a");
                    return Task.CompletedTask;
                },
                ct);
            Assert.Same(outer, AmbientTransaction.Current);
            throw new InvalidTimeZoneException();
        }));

        Assert.Null(AmbientTransaction.Current);
        Assert.Empty(await Store.CommittedAsync());
    }

    [Fact]
    public async Task A_transaction_that_has_ended_captures_nothing_more()
    {
        IOutboxTransaction? kept = null;
        await Store.Outbox.ExecuteAsync((tx, _) =>
        {
            kept = tx;
            return Task.CompletedTask;
        });

        var refused = Assert.Throws<OutboxException>(() => kept!.Publish(new OrderPlaced("a", 1), "a"));

        Assert.Contains("has ended", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await Store.CommittedAsync());
    }

    [Fact]
    public async Task What_is_cancelled_before_its_commit_leaves_nothing()
    {
        using var cancelled = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.Outbox.ExecuteAsync(
            async (tx, _) =>
            {
                tx.Publish(new OrderPlaced("a", 1), "a");
                await cancelled.CancelAsync();
            },
            cancelled.Token));

        Assert.Empty(await Store.CommittedAsync());
    }

    private static void Capture(IOutboxTransaction tx, string what)
    {
        var message = new OrderPlaced("a", 1);
        switch (what)
        {
            case "unregistered":
                tx.Publish("text", "a");
                break;
            case "no entity":
                tx.Publish(message, " ");
                break;
            case "version 0":
                tx.Publish(message, "a", 0);
                break;
            case "sent":
                tx.Send(message, "a");
                break;
            case "too large":
                tx.Publish(new OrderPlaced(new string('x', 1_000_000), 1), "a");
                break;
            case "reserved header":
                tx.Publish(message, "a", options: new() { Headers = new Dictionary<string, string> { ["type"] = "mine" } });
                break;
            case "the same id twice":
                tx.Publish(message, "a", options: new() { MessageId = "m" });
                tx.Publish(message, "a", options: new() { MessageId = "m" });
                break;
            default:
                tx.Publish(message, "a", options: new() { MessageId = "taken" });
                break;
        }
    }
}

public sealed class InMemoryCaptureTests() : CaptureConformance(StoreKind.InMemory);

public sealed class MongoCaptureTests() : CaptureConformance(StoreKind.MongoDb);
