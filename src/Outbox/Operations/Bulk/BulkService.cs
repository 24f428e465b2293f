using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Outbox.Operations.Bulk;

/// <summary>Works on bulk operations in the host of a service: one at a time, started here or elsewhere.</summary>
internal sealed class BulkService(IBulkWork work, BulkSignal signal, IOptions<OutboxOptions> options, TimeProvider time, ILogger<BulkService> logger) : BackgroundService
{
    /// <summary>How long an operation of another process waits at most.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var worked = false;
        while (options.Value.RunBulkOperations && !stoppingToken.IsCancellationRequested)
        {
            if (!worked)
            {
                await signal.WaitAsync(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            worked = await RunAsync(stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> RunAsync(CancellationToken stoppingToken)
    {
        try
        {
            return await work.RunNextAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception error)
        {
            // What was noted was done; the rest is tried again, here or elsewhere.
            logger.BulkFailed(error);
            return false;
        }
    }
}
