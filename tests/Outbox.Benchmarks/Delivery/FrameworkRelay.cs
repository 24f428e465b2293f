using System.Diagnostics;
using MongoDB.Driver;
using Outbox.Benchmarks.Servers;
using Outbox.Diagnostics;
using Outbox.Messages;

namespace Outbox.Benchmarks.Delivery;

/// Drains a backlog with the framework's relay, started as a service is.
internal static class FrameworkRelay
{
    /// Messages per second, from the start of the first batch until the outbox is empty; and by how many bytes the working set grew at most.
    public static async Task<(double Rate, long Growth)> DrainAsync(BenchmarkServers servers, string database, int count, int relays = 1)
    {
        var store = new MongoClient(servers.MongoDb).GetDatabase(database);
        var outbox = store.GetCollection<OutboxMessage>("outbox");
        var progress = new Progress(store, "The relay");
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        var before = self.WorkingSet64;
        var most = before;
        using var batches = new FirstBatch();
        var services = await Task.WhenAll(Enumerable.Range(0, relays).Select(_ => FrameworkService.StartAsync(servers.MongoDb, servers.Kafka, database)));
        try
        {
            var started = await progress.AwaitAsync(batches.Started);
            while (await outbox.EstimatedDocumentCountAsync() is > 0 and var left)
            {
                await progress.CheckAsync(left);
                self.Refresh();
                most = Math.Max(most, self.WorkingSet64);
                await Task.Delay(5);
            }

            return (count / Stopwatch.GetElapsedTime(started).TotalSeconds, most - before);
        }
        finally
        {
            foreach (var service in services)
            {
                await service.DisposeAsync();
            }
        }
    }

    /// The moment in which a relay of this process begins to publish.
    private sealed class FirstBatch : IDisposable
    {
        private readonly TaskCompletionSource<long> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ActivityListener _listener;

        public FirstBatch()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == OutboxTelemetry.Name,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
                ActivityStarted = activity =>
                {
                    if (activity.OperationName.StartsWith("send ", StringComparison.Ordinal))
                    {
                        _started.TrySetResult(Stopwatch.GetTimestamp());
                    }
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public Task<long> Started => _started.Task;

        public void Dispose() => _listener.Dispose();
    }
}
