using System.Diagnostics;

namespace Outbox.Cluster.Tests.Traffic;

/// <summary>Waits for what other processes will bring about, and says what it saw when they do not.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan limit, Func<string> what)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < limit, $"Not within {limit}: {what()}");
            await Task.Delay(100);
        }
    }
}
