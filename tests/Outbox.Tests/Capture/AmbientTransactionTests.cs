using Outbox.Capture;

namespace Outbox.Tests.Capture;

/// <summary>Who joins a transaction, and until when.</summary>
public sealed class AmbientTransactionTests
{
    private readonly WithoutTransaction _outer = new("outer");
    private readonly WithoutTransaction _inner = new("inner");

    [Fact]
    public async Task What_outlives_the_scope_that_it_was_started_in_is_outside()
    {
        var ended = new TaskCompletionSource();
        Task<IOutboxTransaction?> loop;
        using (AmbientTransaction.Enter(_outer))
        {
            Assert.Same(_outer, await Task.Run(() => AmbientTransaction.Current));
            loop = Task.Run(async () =>
            {
                await ended.Task;
                return AmbientTransaction.Current;
            });
        }

        ended.SetResult();

        Assert.Null(await loop);
        Assert.Null(AmbientTransaction.Current);
    }

    [Fact]
    public async Task What_outlives_the_inner_scope_is_still_in_the_outer_one()
    {
        var ended = new TaskCompletionSource();
        Task<IOutboxTransaction?> started;
        using (AmbientTransaction.Enter(_outer))
        {
            using (AmbientTransaction.Enter(_inner))
            {
                Assert.Same(_inner, AmbientTransaction.Current);
                started = Task.Run(async () =>
                {
                    await ended.Task;
                    return AmbientTransaction.Current;
                });
            }

            Assert.Same(_outer, AmbientTransaction.Current);
            ended.SetResult();
            Assert.Same(_outer, await started);
        }
    }

    [Fact]
    public async Task One_that_began_outside_of_the_scope_is_outside()
    {
        var entered = new TaskCompletionSource();
        var before = Task.Run(async () =>
        {
            await entered.Task;
            return AmbientTransaction.Current;
        });
        using (AmbientTransaction.Enter(_outer))
        {
            entered.SetResult();
            Assert.Null(await before);
        }
    }
}
