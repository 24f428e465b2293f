using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Outbox.Statistics;

/// <summary>Looks now and then how much there is, in the process that shows it, and while somebody listens.</summary>
internal sealed class StatisticsService(
    LatestStatistics latest, IEnumerable<IOutboxStatistics> stores, IOptions<StatisticsOptions> options, TimeProvider time, ILogger<StatisticsService> logger) : BackgroundService
{
    private readonly IOutboxStatistics? _store = stores.LastOrDefault();
    private string? _said;
    private bool _isFree;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (_store is not null && !stoppingToken.IsCancellationRequested)
        {
            if (await ShowsAsync(_store, stoppingToken).ConfigureAwait(false))
            {
                await ReadAsync(_store, stoppingToken).ConfigureAwait(false);
            }

            await Task.Delay(options.Value.Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> ShowsAsync(IOutboxStatistics store, CancellationToken stoppingToken)
    {
        if (!latest.IsWatched)
        {
            _isFree = false;
            latest.Show(standsIn: false);
            return false;
        }

        var wasFree = _isFree;
        _isFree = !latest.HasLane && await IsFreeAsync(store, stoppingToken).ConfigureAwait(false);

        // A lane whose relay was killed is free until another takes it over: that is not for long.
        return latest.Show(standsIn: wasFree && _isFree);
    }

    private async Task<bool> IsFreeAsync(IOutboxStatistics store, CancellationToken stoppingToken)
    {
        try
        {
            return await store.IsFreeAsync(LatestStatistics.Lane, options.Value.QueryTimeout, stoppingToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Who has the lane says why the store does not answer; and if nobody has it, nothing more can be said.
            return _isFree;
        }
    }

    private async Task ReadAsync(IOutboxStatistics store, CancellationToken stoppingToken)
    {
        try
        {
            var statistics = await store.ReadAsync(options.Value.QueryTimeout, stoppingToken).ConfigureAwait(false);
            latest.Read(statistics);
            Say(statistics.Unknown.Count == 0 ? null : string.Join("; ", statistics.Unknown), error: null);
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            Say(error.Message.TrimEnd('.'), error);
        }
        catch (Exception)
        {
            // The service is stopping.
        }
    }

    private void Say(string? reason, Exception? error)
    {
        if (reason is not null && _said is null)
        {
            logger.StatisticsFailed(error, reason);
        }
        else if (reason is null && _said is not null)
        {
            logger.StatisticsKnown();
        }

        _said = reason;
    }
}
