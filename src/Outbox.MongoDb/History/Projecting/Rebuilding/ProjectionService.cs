using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.History.Projecting.Registration;
using Outbox.MongoDb.History.Projecting.Builds;
using Outbox.MongoDb.History.Projecting.Pages;

namespace Outbox.MongoDb.History.Projecting.Rebuilding;

/// <summary>Looks after the builds as long as the service runs.</summary>
internal sealed class ProjectionService(ProjectionRegistry registry, ProjectionPass pass, IOptions<OutboxOptions> options, TimeProvider time, ILogger<ProjectionService> logger) : BackgroundService
{
    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var registration in registry.All)
        {
            _ = new RowFormat(registration.Model.RowType, registration.Name);
            _ = RowIndexes.Of(registration).Count();
        }

        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (registry.All.Count == 0)
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await pass.RunAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                logger.PassFailed(error);
            }
            catch (Exception)
            {
                // The service stops.
            }

            await Task.Delay(options.Value.QueryDelay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await pass.FinishAsync().ConfigureAwait(false);
    }
}
