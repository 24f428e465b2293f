using Outbox.Embedded.MongoDb.Errors;

namespace Outbox.Embedded.MongoDb.Timing;

/// The time a command was given (maxTimeMS), and whether anyone still wants its answer.
internal sealed class Budget(TimeProvider time, TimeSpan? limit, CancellationToken cancellation)
{
    private readonly long _started = time.GetTimestamp();

    public CancellationToken Cancellation { get; } = cancellation;

    public TimeSpan? Left => limit is { } all ? all - time.GetElapsedTime(_started) : null;

    public void Check()
    {
        Cancellation.ThrowIfCancellationRequested();
        if (Left <= TimeSpan.Zero)
        {
            throw Expired();
        }
    }

    public async ValueTask WaitAsync(Task task)
    {
        if (Left is not { } left)
        {
            await task.WaitAsync(Cancellation).ConfigureAwait(false);
            return;
        }

        try
        {
            await task.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, Cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw Expired();
        }
    }

    private static MongoError Expired() => new(50, "MaxTimeMSExpired", "operation exceeded time limit");
}
