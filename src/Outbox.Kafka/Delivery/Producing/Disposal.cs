namespace Outbox.Kafka.Delivery.Producing;

/// <summary>Ends clients without waiting for them for long: one that has lost its brokers can take half a minute.</summary>
internal static class Disposal
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <returns>Ends when the client has, or after a second: by then it has long been told to stop sending.</returns>
    public static Task<bool> InBackground(IDisposable client) => InBackground(client.Dispose);

    /// <inheritdoc cref="InBackground(IDisposable)"/>
    public static Task<bool> InBackground(Action end)
    {
        // A thread of its own, so that it begins at once also where the pool has none left.
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                end();
            }
            finally
            {
                ended.SetResult();
            }
        })
        { IsBackground = true, Name = "Outbox: end of a Kafka client" }.Start();
        return ended.Task.EndsWithinAsync(Patience, TimeProvider.System, CancellationToken.None);
    }
}
