using Demo.Chaos;
using Demo.Checks;
using Demo.Checks.Rules;
using Demo.Display;
using Demo.Kafka;
using Demo.Orders;
using Demo.Servers;
using Demo.Services;

namespace Demo;

/// <summary>What the services go through: orders, kills, old records published again; then a look at what has become of it.</summary>
internal sealed class Trial(DemoOptions options, RunNames names, RunProgress progress)
{
    public async Task<Verdict> RunAsync(DemoServers servers, Shop shop, TopicLog log, Documents documents, CancellationToken cancellationToken)
    {
        using var client = new ShopClient(shop.Orders.Url);
        var saboteur = new Saboteur(servers.OrdersDatabase, names.OrdersTopic, progress);
        var load = new OrderLoad(client, saboteur, progress, names.Prefix);
        var list = new OrderListCheck(servers.OrdersDatabase, client);
        var replayer = new Replayer(servers.Kafka, log, progress);
        await Task.WhenAll(
            load.PlaceAllAsync(options.Orders, cancellationToken),
            options.Kill ? new Killer(shop, progress).RunAsync(options.Orders, cancellationToken) : Task.CompletedTask,
            ReplayInMidStreamAsync(replayer, cancellationToken),
            RebuildInMidStreamAsync(list, cancellationToken));
        progress.Note("all orders are placed; waiting until everything is settled");

        var partitions = TopicLog.FindPartitions(servers.Kafka, names.Topics).ToLookup(partition => partition.Topic);
        using var shipping = new GroupProgress(servers.Kafka, names.ShippingEndpoint, [.. partitions[names.OrdersTopic]]);
        using var orders = new GroupProgress(servers.Kafka, names.OrderEndpoint, [.. partitions[names.ShipmentsTopic]]);
        var settling = new Settling(documents, [shipping, orders], progress);
        await settling.WaitAsync(cancellationToken);

        // Now every old record is older than what everybody knows, and must change nothing.
        await replayer.ReplayAsync(cancellationToken);
        var ends = await settling.WaitAsync(cancellationToken);
        await log.ReadUpToAsync(ends, cancellationToken);
        return VerdictRules.Judge(await GatherAsync(load, replayer, documents, cancellationToken) with
        {
            Lost = saboteur.Lost,
            List = await list.ReadAsync(cancellationToken),
        });
    }

    private async Task ReplayInMidStreamAsync(Replayer replayer, CancellationToken cancellationToken)
    {
        await progress.UntilPlacedAsync(options.Orders / 2, cancellationToken);
        await replayer.UntilSeenAsync(options.Orders / 4, cancellationToken);
        await replayer.ReplayAsync(cancellationToken);
    }

    /// <summary>The list is built again from all that has happened, while more happens.</summary>
    private async Task RebuildInMidStreamAsync(OrderListCheck list, CancellationToken cancellationToken)
    {
        await progress.UntilPlacedAsync(options.Orders / 2, cancellationToken);
        await list.RebuildAsync(cancellationToken);
        progress.Note("the list of orders is being built again, beside the one in use");
    }

    private async Task<Evidence> GatherAsync(OrderLoad load, Replayer replayer, Documents documents, CancellationToken cancellationToken)
    {
        var counts = await documents.CountAsync(cancellationToken);
        return new Evidence
        {
            Acknowledged = load.Acknowledged,
            Orders = await documents.OrdersAsync(cancellationToken),
            Shipments = await documents.ShipmentsAsync(cancellationToken),
            OrderViews = await documents.OrderViewsAsync(cancellationToken),
            ShipmentViews = await documents.ShipmentViewsAsync(cancellationToken),
            Published = replayer.Originals.Select(record => new PublishedMessage(
                record.Position.Topic == names.OrdersTopic ? "order" : "shipment", record.EntityId, record.Version, record.MessageId, record.IsRepair)).ToList(),
            Pending = counts.Pending,
            Parked = counts.Parked,
        };
    }
}
