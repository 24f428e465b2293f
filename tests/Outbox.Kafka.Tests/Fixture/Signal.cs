namespace Outbox.Kafka.Tests.Fixture;

/// <summary>Wakes tests that wait for a state.</summary>
public sealed class Signal
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Raise() =>
        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    public async Task Until(Func<bool> state, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (state())
            {
                return;
            }

            try
            {
                await changed.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Waited {Patience} in vain until {what}.");
            }
        }
    }

    /// <summary>For a state that nobody announces.</summary>
    public static async Task Eventually(Func<bool> state, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!state())
        {
            Assert.False(patience.IsCancellationRequested, $"Waited {Patience} in vain until {what}.");
            await Task.Delay(25);
        }
    }
}
