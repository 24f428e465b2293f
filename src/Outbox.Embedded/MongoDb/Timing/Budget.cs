using Outbox.Embedded.MongoDb.Errors;

namespace Outbox.Embedded.MongoDb.Timing;

/// The time a command was given (maxTimeMS), and whether anyone still wants its answer.
internal sealed class Budget(TimeProvider time, TimeSpan? limit, CancellationToken cancellation)
{
    private readonly long _started = time.GetTimestamp();
    private readonly TaskCompletionSource _interrupted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CancellationToken Cancellation { get; } = cancellation;

    public TimeSpan? Left => limit is { } all ? all - time.GetElapsedTime(_started) : null;

    /// Ends when somebody ends the command: whoever waits looks at `Check` then.
    public Task Interrupted => _interrupted.Task;

    public void Interrupt() => _interrupted.TrySetResult();

    public void Check()
    {
        Cancellation.ThrowIfCancellationRequested();
        if (_interrupted.Task.IsCompleted)
        {
            throw new MongoError(11601, "Interrupted", "operation was interrupted");
        }

        if (Left <= TimeSpan.Zero)
        {
            throw Expired();
        }
    }

    public async ValueTask WaitAsync(Task task)
    {
        var either = Task.WhenAny(task, _interrupted.Task);
        if (Left is { } left)
        {
            try
            {
                await either.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, Cancellation).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                throw Expired();
            }
        }
        else
        {
            await either.WaitAsync(Cancellation).ConfigureAwait(false);
        }

        if (!task.IsCompleted)
        {
            Check();
        }

        await task.ConfigureAwait(false);
    }

    /// Takes a turn, and gives it back when it comes too late.
    public async ValueTask EnterAsync(SemaphoreSlim turn)
    {
        var entering = turn.WaitAsync(Cancellation);
        try
        {
            await WaitAsync(entering).ConfigureAwait(false);
        }
        catch
        {
            _ = entering.ContinueWith(_ => turn.Release(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    private static MongoError Expired() => new(50, "MaxTimeMSExpired", "operation exceeded time limit");
}
