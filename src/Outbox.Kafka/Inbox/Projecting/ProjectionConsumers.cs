using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.History.Projecting.Building;
using Outbox.History.Projecting.Registration;
using Outbox.Inbox.Health;

namespace Outbox.Kafka.Inbox.Projecting;

/// <summary>Consumes the topics of this service's builds: each from when it has read the history until it is retired.</summary>
internal sealed class ProjectionConsumers(
    IServiceProvider services, ProjectionRegistry registry, IOptions<OutboxOptions> options, TimeProvider time, ILogger<ProjectionConsumers> logger) : BackgroundService
{
    private readonly Dictionary<string, ProjectionConsumer> _running = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (registry.All.All(projection => projection.Inline) || services.GetService(typeof(IProjectionBuilds)) is not IProjectionBuilds builds)
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(builds, stoppingToken).ConfigureAwait(false);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // What runs goes on.
                logger.BuildsUnknown(error);
            }
            catch (Exception)
            {
                // The service stops.
            }

            await Task.Delay(options.Value.QueryDelay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(_running.Values.Select(consumer => consumer.StopAsync())).ConfigureAwait(false);
    }

    private async Task LookAsync(IProjectionBuilds builds, CancellationToken cancellationToken)
    {
        var fed = (await builds.ListAsync(cancellationToken).ConfigureAwait(false)).Where(build => build.IsFed).ToList();
        foreach (var build in fed.Where(build => !_running.ContainsKey(build.Id)))
        {
            logger.Follows(build.Id, build.Registration.Topic);
            _running.Add(build.Id, new ProjectionConsumer(new ProjectionParts(services, build)));
        }

        foreach (var (id, consumer) in _running.Where(running => !fed.Exists(build => build.Id == running.Key)).ToList())
        {
            _running.Remove(id);
            await consumer.StopAsync().ConfigureAwait(false);
            logger.FollowsNoMore(id);
        }
    }
}
