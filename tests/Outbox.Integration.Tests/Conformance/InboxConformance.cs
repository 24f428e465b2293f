using Outbox.Capture;
using Outbox.Inbox;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Conformance;

/// <summary>IInbox: a message takes effect once for each endpoint. The effect here is the message that its handler publishes.</summary>
public abstract class InboxConformance(StoreKind kind) : ConformanceSuite(kind)
{
    private static readonly InboxRecord Record = new("shipping", "m1", "order-placed", "o1", 1, "c1");

    [Fact]
    public async Task G6_a_message_takes_effect_once()
    {
        Assert.Equal(InboxOutcome.Processed, await ProcessAsync(Record));
        Assert.Equal(InboxOutcome.Duplicate, await ProcessAsync(Record, _ => throw new InvalidOperationException("The handler of a duplicate runs.")));

        var published = Assert.Single(await Store.CommittedAsync());
        Assert.Equal(("m1", "c1"), (published.Headers["causationId"], published.Headers["correlationId"]));
    }

    [Fact]
    public async Task G6_a_handler_that_fails_leaves_nothing_and_the_next_attempt_takes_effect()
    {
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => ProcessAsync(Record, _ => throw new InvalidTimeZoneException()));

        Assert.Empty(await Store.CommittedAsync());
        Assert.Equal(InboxOutcome.Processed, await ProcessAsync(Record));
        Assert.Single(await Store.CommittedAsync());
    }

    [Fact]
    public async Task G6_copies_that_come_at_one_moment_take_effect_once()
    {
        for (var round = 0; round < 10; round++)
        {
            var record = Record with { MessageId = $"r{round}" };
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => ProcessAsync(record, async _ => await Task.Yield()))));

            Assert.Single(outcomes, InboxOutcome.Processed);
            Assert.Equal(5, outcomes.Count(x => x == InboxOutcome.Duplicate));
            Assert.Equal(round + 1, (await Store.CommittedAsync()).Count);
        }
    }

    [Fact]
    public async Task G6_a_copy_takes_over_when_the_one_before_it_fails()
    {
        var (entered, fail) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = ProcessAsync(Record, async _ =>
        {
            entered.TrySetResult();
            await fail.Task;
            throw new InvalidTimeZoneException();
        });
        await entered.Task;
        var second = ProcessAsync(Record);
        fail.SetResult();

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => first);
        Assert.Equal(InboxOutcome.Processed, await second);
        Assert.Single(await Store.CommittedAsync());
    }

    [Fact]
    public async Task Endpoints_do_not_share_their_records()
    {
        Assert.Equal(InboxOutcome.Processed, await ProcessAsync(Record));
        Assert.Equal(InboxOutcome.Processed, await ProcessAsync(Record with { Endpoint = "billing" }));
        Assert.Equal(InboxOutcome.Processed, await ProcessAsync(Record with { MessageId = "M1" }));
    }

    [Fact]
    public async Task What_a_handler_publishes_through_IOutbox_is_part_of_its_transaction()
    {
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Store.Inbox.ExecuteAsync(
            Record,
            async (_, _) =>
            {
                await Store.PublishAsync("o1");
                throw new InvalidTimeZoneException();
            },
            CancellationToken.None));

        Assert.Empty(await Store.CommittedAsync());
    }

    private Task<InboxOutcome> ProcessAsync(InboxRecord record, Func<IOutboxTransaction, Task>? then = null) => Store.Inbox.ExecuteAsync(
        record,
        (tx, _) =>
        {
            tx.Publish(new OrderPlaced("o1", 1), "o1");
            return then?.Invoke(tx) ?? Task.CompletedTask;
        },
        CancellationToken.None);
}

public sealed class InMemoryInboxTests() : InboxConformance(StoreKind.InMemory);

public sealed class MongoInboxTests() : InboxConformance(StoreKind.MongoDb);
