namespace ShippingService.Shipments;

/// <summary>Ships what is packed, again and again. Any number of instances can run: each shipment leaves once.</summary>
internal sealed class DispatchWorker(Dispatch dispatch, ShipmentStore shipments, TimeProvider time, ILogger<DispatchWorker> logger) : BackgroundService
{
    private const int BatchSize = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Pause;
            try
            {
                var packed = await shipments.FindPackedAsync(time.GetUtcNow(), BatchSize, stoppingToken);
                var parallel = new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = stoppingToken };
                await Parallel.ForEachAsync(packed, parallel, async (orderId, ct) => await dispatch.ShipAsync(orderId, ct));
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(error, "Packed shipments could not leave; trying again in {Pause}", PauseAfterError);
                pause = PauseAfterError;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
