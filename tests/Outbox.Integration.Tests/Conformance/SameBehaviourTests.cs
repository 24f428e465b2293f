using CsCheck;
using Outbox.History;
using Outbox.Integration.Tests.History.Keeping;

namespace Outbox.Integration.Tests.Conformance;

/// <summary>
/// Random operations on the store in memory and on MongoDB: after each of them both have given the same answer and hold the same. So what a user's test sees in memory is what happens in production.
/// </summary>
public sealed class SameBehaviourTests
{
    [Fact]
    public Task Of_the_outbox() => CompareAsync(OutboxSteps.Any, OutboxSteps.StateAsync, o => o.Set(x => x.KeepSentFor = TimeSpan.FromDays(1)));

    [Fact]
    public Task Of_inbox_reorder_buffer_and_operations() => CompareAsync(SequenceSteps.Any, SequenceSteps.StateAsync);

    [Fact]
    public Task G14_of_histories_and_snapshots() => CompareAsync(HistorySteps.Any, HistorySteps.StateAsync, o => Wallets.Configure(o, SnapshotPolicy.Every(3)));

    private static Task CompareAsync(Gen<Step> step, Func<StoreUnderTest, Task<string>> state, Action<OutboxConfigurator>? configure = null) => step.Array[1, 25].SampleAsync(
        async steps =>
        {
            await using var memory = await StoreUnderTest.CreateAsync(StoreKind.InMemory, configure);
            await using var mongo = await StoreUnderTest.CreateAsync(StoreKind.MongoDb, configure);
            foreach (var taken in steps)
            {
                var (expected, actual) = (await TakeAsync(taken, mongo), await TakeAsync(taken, memory));
                Assert.True(expected == actual, $"{taken.Name} answers {actual} in memory and {expected} on MongoDB.");
                var (stored, held) = (await state(mongo), await state(memory));
                Assert.True(stored == held, $"After {taken.Name} the store in memory holds\n{held}\nand MongoDB\n{stored}");
            }
        },
        iter: 60,
        threads: 1,
        print: steps => string.Join("; ", steps.Select(x => x.Name)));

    /// <summary>Stores fail in ways of their own; that they do is what must be the same.</summary>
    private static async Task<string> TakeAsync(Step step, StoreUnderTest store)
    {
        try
        {
            return await step.Take(store);
        }
        catch (Exception error) when (error is not Xunit.Sdk.IAssertionException)
        {
            return "an error";
        }
    }
}
