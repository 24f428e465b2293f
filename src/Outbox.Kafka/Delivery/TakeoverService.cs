using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Delivery;
using Outbox.Delivery.Leases;
using Outbox.Kafka.Delivery.Producing;
using Outbox.Kafka.Delivery.Sending;

namespace Outbox.Kafka.Delivery;

/// <summary>
/// With Kafka transactions: as soon as this relay has a lane, it ends what the lane's last owner may have left open, whether there is anything to publish or not. Until then, nobody who reads
/// committed messages gets past it.
/// </summary>
internal sealed class TakeoverService(SenderPool senders, ILaneGuard guard, IOptions<KafkaOptions> kafka, IOptions<OutboxOptions> outbox, TimeProvider time, ILogger<TakeoverService> logger) : BackgroundService, IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private TimeSpan Limit => outbox.Value.LeaseDuration * DeliveryTimes.BatchShare;

    /// <summary>Where a host is disposed without having been stopped, the producers are disposed next.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        if (ExecuteTask is { } running)
        {
            await running.EndsWithinAsync(Limit, TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (kafka.Value.Fencing != Fencing.KafkaTransactions || !outbox.Value.RelayEnabled)
        {
            return;
        }

        var failed = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
            {
                break;
            }

            try
            {
                await senders.TakeOverAsync(guard.Lanes, Limit, stoppingToken).ConfigureAwait(false);
                failed = false;
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                if (!failed)
                {
                    logger.TakeoverFailed(error);
                }

                failed = true;
            }
            catch (Exception)
            {
                // The service is stopping.
            }
        }
    }
}
