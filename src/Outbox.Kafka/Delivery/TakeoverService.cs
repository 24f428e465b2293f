using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Outbox.Delivery;
using Outbox.Delivery.Leases;
using Outbox.Kafka.Delivery.Sending;

namespace Outbox.Kafka.Delivery;

/// <summary>
/// With Kafka transactions: as soon as this relay has a lane, it ends what the lane's last owner may have left open, whether there is anything to publish or not. Until then, nobody who reads
/// committed messages gets past it.
/// </summary>
internal sealed class TakeoverService(SenderPool senders, ILaneGuard guard, IOptions<KafkaOptions> kafka, IOptions<OutboxOptions> outbox, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (kafka.Value.Fencing != Fencing.KafkaTransactions || !outbox.Value.RelayEnabled)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            await senders.TakeOverAsync(guard.Lanes, outbox.Value.LeaseDuration * DeliveryTimes.BatchShare, stoppingToken).ConfigureAwait(false);
        }
    }
}
