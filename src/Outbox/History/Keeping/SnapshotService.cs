using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Outbox.History.Registration;

namespace Outbox.History.Keeping;

/// <summary>Stores the states of all entities at regular times, where <see cref="SnapshotPolicy.Periodic"/> says so.</summary>
internal sealed class SnapshotService(StateRegistry states, Snapshots snapshots, TimeProvider time, ILogger<SnapshotService> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(states.All.Where(state => state.Snapshots is { Interval: not null }).Select(state => RepeatAsync(state, stoppingToken)));

    private async Task RepeatAsync(StateRegistration state, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(state.Snapshots!.Interval!.Value, time);
        while (await WaitAsync(timer, stoppingToken).ConfigureAwait(false))
        {
            try
            {
                await snapshots.TakeAllAsync(state, state.Snapshots.Events!.Value, stoppingToken).ConfigureAwait(false);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                logger.SnapshotsFailed(error, state.EntityType);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
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
