using System.Diagnostics;
using MongoDB.Driver;
using Outbox.Benchmarks.Servers;
using Outbox.Messages;

namespace Outbox.Benchmarks.Delivery;

/// Drains a backlog with the framework's relay, started as a service is.
internal static class FrameworkRelay
{
    /// Messages per second, from the first message that left the outbox to the last; and by how many bytes the working set grew at most.
    public static async Task<(double Rate, long Growth)> DrainAsync(BenchmarkServers servers, string database, int count, int relays = 1)
    {
        var outbox = new MongoClient(servers.MongoDb).GetDatabase(database).GetCollection<OutboxMessage>("outbox");
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        var before = self.WorkingSet64;
        var most = before;
        var services = await Task.WhenAll(Enumerable.Range(0, relays).Select(_ => FrameworkService.StartAsync(servers.MongoDb, servers.Kafka, database)));
        try
        {
            var left = (long)count;
            while (left == count)
            {
                left = await outbox.EstimatedDocumentCountAsync();
            }

            var first = count - left;
            var watch = Stopwatch.StartNew();
            while (left > 0)
            {
                await Task.Delay(5);
                left = await outbox.EstimatedDocumentCountAsync();
                self.Refresh();
                most = Math.Max(most, self.WorkingSet64);
            }

            return ((count - first) / watch.Elapsed.TotalSeconds, most - before);
        }
        finally
        {
            foreach (var service in services)
            {
                await service.DisposeAsync();
            }
        }
    }
}
