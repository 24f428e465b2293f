using System.Diagnostics;

namespace Outbox.Benchmarks.Embedded;

internal static class Throughput
{
    /// Runs the operation from many clients at once, with a number that is never given twice, and returns operations per second.
    public static async Task<double> MeasureAsync(int clients, TimeSpan duration, Func<long, Task> operation)
    {
        var started = Stopwatch.GetTimestamp();
        var done = await RunAsync(clients, () => Stopwatch.GetElapsedTime(started) < duration, operation);
        return done / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public static async Task RunAsync(int clients, long count, Func<long, Task> operation)
    {
        var left = count;
        await RunAsync(clients, () => Interlocked.Decrement(ref left) >= 0, operation);
    }

    private static async Task<long> RunAsync(int clients, Func<bool> more, Func<long, Task> operation)
    {
        var next = -1L;
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            while (more())
            {
                await operation(Interlocked.Increment(ref next));
            }
        })));
        return next + 1;
    }
}
