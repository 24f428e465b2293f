using Demo.Chaos;
using Demo.Checks;
using Demo.Display;
using Demo.Kafka;
using Demo.Orders;
using Demo.Servers;
using Demo.Services;

namespace Demo;

/// <summary>One run from the first process to the verdict.</summary>
internal sealed class DemoRun(DemoOptions options, IDisplay display)
{
    private readonly RunNames _names = RunNames.For(options);
    private readonly RunProgress _progress = new(options.Orders, display.Note);

    public async Task<Verdict> RunAsync(CancellationToken cancellationToken)
    {
        var logs = Directory.CreateTempSubdirectory("outbox-demo-").FullName;
        await using var servers = await DemoServers.StartAsync(options, _names, display.Note);
        await using var shop = new Shop(servers, _names, logs);
        display.Note($"MongoDB at {servers.MongoDb}, Kafka at {servers.Kafka}; the services' logs are in {logs}");
        await shop.StartAsync(cancellationToken);
        display.Note($"the order service is at {shop.Orders.Url}, the shipping service at {shop.Shipping.Url}");

        var verdict = await JudgeAsync(servers, shop, cancellationToken);
        foreach (var finding in verdict.Findings.Take(20))
        {
            display.Note($"{finding.Kind}: {finding.Text}");
        }

        if (!verdict.IsGood)
        {
            display.Note($"The services' logs: {shop.Orders.LogPath} and {shop.Shipping.LogPath}");
        }

        if (options.KeepRunning)
        {
            await KeepRunningAsync(shop, verdict, cancellationToken);
        }

        await shop.DisposeAsync();
        if (verdict.IsGood)
        {
            await servers.CleanUpAsync();
            Directory.Delete(logs, recursive: true);
        }

        return verdict;
    }

    private async Task<Verdict> JudgeAsync(DemoServers servers, Shop shop, CancellationToken cancellationToken)
    {
        var partitions = TopicLog.FindPartitions(servers.Kafka, _names.Topics);
        await using var log = new TopicLog(servers.Kafka, partitions);
        var documents = new Documents(servers.OrdersDatabase, servers.ShippingDatabase);
        using var shown = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var showing = Task.WhenAll(display.ShowAsync(_progress, shown.Token), WatchAsync(documents, shown.Token));
        try
        {
            return await new Trial(options, _names, _progress).RunAsync(servers, shop, log, documents, cancellationToken);
        }
        finally
        {
            await shown.CancelAsync();
            await EndAsync(showing, shown.Token);
        }
    }

    private static async Task EndAsync(Task showing, CancellationToken ended)
    {
        try
        {
            await showing;
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // As asked.
        }
    }

    private async Task WatchAsync(Documents documents, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            _progress.Counts = await documents.CountAsync(cancellationToken);
            await Task.Delay(500, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task KeepRunningAsync(Shop shop, Verdict verdict, CancellationToken cancellationToken)
    {
        display.Note(verdict.ToString());
        display.Note($"""
            Running until Ctrl-C. The dashboards:
              {shop.Orders.Url}outbox/
              {shop.Shipping.Url}outbox/
            Try:
              curl -i {shop.Orders.Url}orders -H 'Content-Type: application/json' -H 'Idempotency-Key: mine-1' -d '{"{"}"item":"bread","quantity":2{"}"}'
              curl {shop.Orders.Url}orders/ID
              curl {shop.Shipping.Url}shipments/ID
              curl {shop.Orders.Url}openapi/v1.json
            """);
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
