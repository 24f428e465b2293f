using Outbox.Embedded.Kafka;
using Outbox.Embedded.MongoDb;

namespace Outbox.Examples.Tests.Telemetry;

/// <summary>The order service as it runs, with what it has made to be measured.</summary>
public sealed class TelemetryFixture : IAsyncLifetime
{
    internal IReadOnlyList<System.Diagnostics.Metrics.Instrument> Made { get; private set; } = [];

    internal IReadOnlySet<string> Names { get; private set; } = new HashSet<string>();

    /// <summary>What <c>/metrics</c> said of it.</summary>
    public string Scraped { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await using var mongoDb = await MongoServer.StartAsync();
        using var kafka = KafkaCluster.Start();
        foreach (var topic in new[] { "orders", "orders.repair", "shipments", "shipping.commands", "shipping.requests", "order-service.replies" })
        {
            kafka.CreateTopic(topic, 1);
        }

        await using var app = ServiceHost.Create("OrderService", new Dictionary<string, string>
        {
            ["Urls"] = "http://127.0.0.1:0",
            ["Outbox:MongoDb:Connection"] = mongoDb.ConnectionString,
            ["Outbox:Kafka:BootstrapServers"] = kafka.BootstrapServers,
            ["Outbox:Statistics:Interval"] = "00:00:00.100",
        });
        using var instruments = new Instruments(app.Services);
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        // What is asked of the database comes in the middle of a scrape as well, and part by part where it is slow.
        await UntilAsync(async () =>
        {
            Scraped = await http.GetStringAsync("/metrics");
            return new[] { "outbox_instance_count", "outbox_pending", "outbox_oldest_age_seconds" }.All(name => Scraped.Contains(name, StringComparison.Ordinal));
        });
        lock (instruments.All)
        {
            Made = [.. instruments.All];
        }

        Names = await PrometheusNames.OfAsync(Made);
        await app.StopAsync();
    }

    public ValueTask DisposeAsync() => default;

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        var since = System.Diagnostics.Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(90), $"The service shows no statistics after 90 s, but: {Scraped}");
            await Task.Delay(100);
        }
    }
}
