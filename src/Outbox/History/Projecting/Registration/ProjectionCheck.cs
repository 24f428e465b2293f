using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Outbox.History.Projecting.Building;

namespace Outbox.History.Projecting.Registration;

/// <summary>Stops the start where projections have nothing to run on.</summary>
internal sealed class ProjectionCheck(IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var projections = services.GetRequiredService<ProjectionRegistry>().All;
        if (projections.Count > 0 && services.GetService<IProjectionPages>() is null)
        {
            throw new OutboxConfigurationException($"Projection '{projections[0].Name}' has nowhere to keep its rows. Call o.UseMongoDb(…) inside AddOutbox.");
        }

        if (projections.FirstOrDefault(projection => !projection.Inline) is { } fed && services.GetService<IProjectionFeed>() is null)
        {
            throw new OutboxConfigurationException(
                $"Projection '{fed.Name}' follows topic '{fed.Topic}', and nothing says where that is. Call o.UseKafka(…) inside AddOutbox; or, where the events are captured in this service and the rows "
                + "are few, set p.Inline = true.");
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
