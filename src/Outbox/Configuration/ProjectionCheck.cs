using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Outbox.History.Projecting.Building;
using Outbox.History.Projecting.Registration;

namespace Outbox.Configuration;

/// <summary>Refuses projections that have nothing to run on, before anything is connected to.</summary>
internal sealed class ProjectionCheck(ProjectionRegistry registry, IServiceProviderIsService services) : IValidateOptions<OutboxOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, OutboxOptions options)
    {
        if (registry.All.Count > 0 && !services.IsService(typeof(IProjectionPages)))
        {
            return ValidateOptionsResult.Fail($"Projection '{registry.All[0].Name}' has nowhere to keep its rows. Call o.UseMongoDb(…) inside AddOutbox.");
        }

        return registry.All.FirstOrDefault(projection => !projection.Inline) is { } fed && !services.IsService(typeof(IProjectionFeed))
            ? ValidateOptionsResult.Fail(
                $"Projection '{fed.Name}' follows topic '{fed.Topic}', and nothing says where that is. Call o.UseKafka(…) inside AddOutbox; or, where the events are captured in this service and the rows "
                + "are few, set p.Inline = true.")
            : ValidateOptionsResult.Success;
    }
}
