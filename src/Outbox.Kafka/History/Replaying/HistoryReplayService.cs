using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.History.Repair;
using Outbox.History.Replaying;

namespace Outbox.Kafka.History.Replaying;

/// <summary>Replays histories that others have asked for, step by step, in each process that answers for a topic.</summary>
internal sealed class HistoryReplayService(IServiceProvider services, IOptions<OutboxOptions> options, TimeProvider time, ILogger<HistoryReplayService> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!services.GetServices<AnsweredTopic>().Any() || services.GetService<IHistoryReplayStore>() is null)
        {
            return;
        }

        var sender = ActivatorUtilities.CreateInstance<HistorySender>(services);
        await using (sender.ConfigureAwait(false))
        {
            var parts = ActivatorUtilities.CreateInstance<ReplayParts>(services);
            var replayer = ActivatorUtilities.CreateInstance<HistoryReplayer>(services, parts, sender);
            while (!stoppingToken.IsCancellationRequested)
            {
                var wait = await StepAsync(replayer, stoppingToken).ConfigureAwait(false);
                if (wait != TimeSpan.Zero)
                {
                    await Task.Delay(wait ?? options.Value.QueryDelay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }

            await replayer.LeaveAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<TimeSpan?> StepAsync(HistoryReplayer replayer, CancellationToken stopping)
    {
        try
        {
            return await replayer.StepAsync(stopping).ConfigureAwait(false);
        }
        catch (Exception error) when (!stopping.IsCancellationRequested)
        {
            logger.ReplayPassFailed(error);
            return null;
        }
        catch (Exception)
        {
            // The service stops.
            return null;
        }
    }
}
