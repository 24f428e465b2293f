using Demo.Display;
using Demo.Services;

namespace Demo.Chaos;

/// <summary>Kills each service once while orders come in, and starts it again.</summary>
internal sealed class Killer(Shop shop, RunProgress progress)
{
    public async Task RunAsync(int orders, CancellationToken cancellationToken)
    {
        await KillAsync(shop.Orders, orders * 3 / 10, cancellationToken);
        await KillAsync(shop.Shipping, orders * 6 / 10, cancellationToken);
    }

    private async Task KillAsync(ServiceProcess service, int afterOrders, CancellationToken cancellationToken)
    {
        await progress.UntilPlacedAsync(afterOrders, cancellationToken);
        await service.KillAsync();
        progress.Killed();
        progress.Note($"{service.Name} killed after {progress.PlacedCount} orders");
        service.Start();
        await service.WaitUntilReadyAsync(cancellationToken);
        progress.Note($"{service.Name} is back");
    }
}
