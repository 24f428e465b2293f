using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Operations.Seeing;

namespace Outbox.Dashboard.Pages.Seeing;

/// <summary>Looks every 15 seconds for the charts, as long as somebody has looked at them within the last hour: where nobody does, it asks the database nothing.</summary>
internal sealed class OverviewSampler(IServiceProvider services, IOptions<OutboxDashboardOptions> options, TimeProvider time, ILogger<OverviewSampler> logger) : BackgroundService
{
    private readonly TaskCompletionSource _firstVisit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _visitedAt;

    public SampleSeries Series { get; } = new();

    /// <summary>Somebody looks.</summary>
    public void Visit()
    {
        Volatile.Write(ref _visitedAt, time.GetTimestamp());
        _firstVisit.TrySetResult();
    }

    public OverviewRequest Request => new() { QueryTimeout = options.Value.QueryTimeout };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _firstVisit.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var timer = new PeriodicTimer(SampleSeries.Interval, time);
        while (!stoppingToken.IsCancellationRequested && await WaitAsync(timer, stoppingToken).ConfigureAwait(false))
        {
            if (time.GetElapsedTime(Volatile.Read(ref _visitedAt)) < SampleSeries.Length)
            {
                await LookAsync(stoppingToken).ConfigureAwait(false);
            }
        }
    }

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        try
        {
            Series.Add(await services.GetRequiredService<IOutboxOverview>().ReadAsync(Request, stoppingToken).ConfigureAwait(false));
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            // The chart has a gap there.
            logger.SampleFailed(error);
        }
        catch (Exception)
        {
            // The host ends.
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
