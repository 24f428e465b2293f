using System.Collections.Concurrent;
using Demo.Chaos;
using Demo.Display;

namespace Demo.Orders;

/// <summary>Places the orders, a few at a time, and remembers what the service has acknowledged.</summary>
internal sealed class OrderLoad(ShopClient client, Saboteur saboteur, RunProgress progress, string run)
{
    private const int Clients = 16;
    private readonly ConcurrentBag<Acknowledged> _acknowledged = [];

    public IReadOnlyCollection<Acknowledged> Acknowledged => _acknowledged;

    public async Task PlaceAllAsync(int orders, CancellationToken cancellationToken)
    {
        var cancellations = new ConcurrentBag<Task>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(1, orders), parallel, async (number, ct) =>
        {
            var plan = OrderPlan.For(number, run);
            var id = await PlaceAsync(plan, ct);
            progress.Placed();
            if (plan.LosesCancellation)
            {
                await saboteur.LoseCancellationAsync(id, plan, ct);
            }

            if (plan.CancelAfter is { } delay)
            {
                cancellations.Add(CancelAsync(id, delay, cancellationToken));
            }
        });
        await Task.WhenAll(cancellations);
    }

    private async Task<string> PlaceAsync(OrderPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Sending == Sending.TwiceAtOnce)
        {
            var both = await Task.WhenAll(SendAsync(plan, cancellationToken), SendAsync(plan, cancellationToken));
            progress.Repeated();
            return both[0];
        }

        var id = await SendAsync(plan, cancellationToken);
        if (plan.Sending == Sending.Again)
        {
            await SendAsync(plan, cancellationToken);
            progress.Repeated();
        }

        return id;
    }

    private async Task<string> SendAsync(OrderPlan plan, CancellationToken cancellationToken)
    {
        var id = await client.PlaceAsync(plan, cancellationToken);
        _acknowledged.Add(new Acknowledged(plan.Key, id));
        return id;
    }

    private async Task CancelAsync(string id, TimeSpan delay, CancellationToken cancellationToken)
    {
        await Task.Delay(delay, cancellationToken);
        progress.Cancelled(accepted: await client.CancelAsync(id, cancellationToken));
    }
}
