using System.Diagnostics;

namespace Outbox.Benchmarks.Embedded;

internal static class Throughput
{
    /// Runs the operation from many clients at once, with a number that is never given twice, and returns operations per second.
    public static async Task<double> MeasureAsync(int clients, TimeSpan duration, Func<long, Task> operation)
    {
        var next = -1L;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                await operation(Interlocked.Increment(ref next));
            }
        })));
        return (next + 1) / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
