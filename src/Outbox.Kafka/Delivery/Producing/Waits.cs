namespace Outbox.Kafka.Delivery.Producing;

/// <summary>Waits for what may not come.</summary>
internal static class Waits
{
    /// <summary>Waits no longer than a limit, nor after a cancellation; what went wrong is for whoever awaits the task itself.</summary>
    /// <returns>Whether the task has ended.</returns>
    public static async Task<bool> EndsWithinAsync(this Task task, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        if (limit > TimeSpan.Zero)
        {
            await task.WaitAsync(limit, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return task.IsCompleted;
    }
}
