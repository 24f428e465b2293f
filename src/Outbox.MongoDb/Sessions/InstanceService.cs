using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Outbox.MongoDb.Sessions;

/// <summary>
/// Shows five times in a lease that this instance lives, and ends what dead ones left open. An instance counts as dead after four fifths of its lease, and is found within the
/// fifth that remains: its documents are free within a lease of its death, as its lanes are.
/// </summary>
internal sealed class InstanceService(
    TransactionSessions sessions, InstanceStore store, IOptions<OutboxOptions> options, TimeProvider time, ILogger<InstanceService> logger) : BackgroundService
{
    private TimeSpan Beat => options.Value.LeaseDuration / 5;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (store.HangLimit is var limit && limit > options.Value.LeaseDuration)
        {
            logger.HangsForLong(limit, options.Value.LeaseDuration);
        }

        // Before any other service writes a transaction.
        await BeatAsync(cancellationToken).ConfigureAwait(false);
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await store.LeaveAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            logger.InstanceNotRemoved(error, options.Value.LeaseDuration);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Beat, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested)
            {
                await BeatAsync(stoppingToken).ConfigureAwait(false);
            }
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        try
        {
            await sessions.SaveAsync(Beat * 4, cancellationToken).ConfigureAwait(false);
            foreach (var dead in await store.ReadDeadAsync(cancellationToken).ConfigureAwait(false))
            {
                await store.EndAsync(dead, cancellationToken).ConfigureAwait(false);
                logger.SessionsEnded(dead["_id"].AsString, dead["sessions"].AsBsonArray.Count);
            }
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            logger.BeatFailed(error);
        }
        catch (Exception)
        {
            // The service is stopping: this instance is taken off the list next, and it is logged when that fails.
        }
    }
}
