using Outbox.Inbox;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Conformance;

/// <summary>IBatchInbox: one transaction, without the duplicates.</summary>
public abstract class BatchInboxConformance(StoreKind kind) : ConformanceSuite(kind)
{
    [Fact]
    public async Task G6_a_batch_processes_each_of_its_messages_once()
    {
        Assert.Equal<bool>([true, true, false, true], await ProcessAsync("a", "b", "a", "c"));
        Assert.Equal<bool>([false, true, false], await ProcessAsync("c", "d", "b"));

        Assert.Equal(["a", "b", "c", "d"], await EffectsAsync());
    }

    [Fact]
    public async Task A_batch_of_duplicates_runs_no_handler()
    {
        await ProcessAsync("a", "b");

        Assert.Equal<bool>([false, false], await ProcessAsync(["b", "a"], _ => throw new InvalidOperationException("The handler runs for duplicates.")));
    }

    [Fact]
    public async Task G6_a_batch_that_fails_leaves_nothing_and_the_next_takes_effect()
    {
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => ProcessAsync(["a", "b"], _ => throw new InvalidTimeZoneException()));

        Assert.Empty(await EffectsAsync());
        Assert.Equal<bool>([true, true], await ProcessAsync("a", "b"));
        Assert.Equal(["a", "b"], await EffectsAsync());
    }

    [Fact]
    public async Task A_message_is_a_duplicate_however_it_came_first()
    {
        await Store.Inbox.ExecuteAsync(Record("a"), (_, _) => Task.CompletedTask, CancellationToken.None);
        Assert.Equal<bool>([false, true], await ProcessAsync("a", "b"));
        Assert.Equal(InboxOutcome.Duplicate, await Store.Inbox.ExecuteAsync(Record("b"), (_, _) => Task.CompletedTask, CancellationToken.None));
    }

    [Fact]
    public async Task G6_batches_that_overlap_at_one_moment_process_each_message_once()
    {
        for (var round = 0; round < 5; round++)
        {
            var ids = Enumerable.Range(0, 8).Select(n => $"{round}{(char)('a' + n)}").ToArray();
            var outcomes = await Task.WhenAll(
                Task.Run(() => ProcessAsync(ids[..6])), Task.Run(() => ProcessAsync([.. ids[2..].Reverse()])), Task.Run(() => ProcessAsync(ids)));

            Assert.Equal(8, outcomes.Sum(outcome => outcome.Count(processed => processed)));
        }

        var effects = await EffectsAsync();
        Assert.Equal(40, effects.Count);
        Assert.Equal(40, effects.Distinct().Count());
    }

    private static InboxRecord Record(string messageId) => new("shipping", messageId, "order-placed");

    private Task<List<bool>> ProcessAsync(params string[] ids) => ProcessAsync(ids, _ => Task.CompletedTask);

    private async Task<List<bool>> ProcessAsync(string[] ids, Func<IReadOnlyList<int>, Task> then)
    {
        var outcomes = await Store.Batches.ExecuteAsync(
            [.. ids.Select(Record)],
            async (tx, fresh, _) =>
            {
                foreach (var index in fresh)
                {
                    tx.Publish(new OrderPlaced(ids[index], 1), ids[index], 1);
                }

                await then(fresh);
            },
            CancellationToken.None);
        return [.. outcomes.Select(x => x == InboxOutcome.Processed)];
    }

    private async Task<List<string>> EffectsAsync() => [.. (await Store.CommittedAsync()).Select(x => x.EntityId).Order(StringComparer.Ordinal)];
}

public sealed class InMemoryBatchInboxTests() : BatchInboxConformance(StoreKind.InMemory);

public sealed class MongoBatchInboxTests() : BatchInboxConformance(StoreKind.MongoDb);
