using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Outbox.Configuration;
using Outbox.History.Projecting;
using Outbox.History.Projecting.Registration;

namespace Outbox;

/// <summary>Adds read models.</summary>
public static class ProjectionConfiguratorExtensions
{
    /// <summary>
    /// Makes a read model of the events of a topic, in this service's database: it is built from what there is, follows what comes, and is read with <see cref="IReadModel{TRow}"/>. Nothing else is
    /// to be done: each instance of the service takes its share of the work.
    /// </summary>
    /// <typeparam name="TProjection">The folds.</typeparam>
    /// <param name="outbox">The outbox.</param>
    /// <param name="configure">Sets what it is built from, and when readers are given a new version.</param>
    public static void Projection<TProjection>(this OutboxConfigurator outbox, Action<ProjectionConfigurator>? configure = null)
        where TProjection : Projection, new() => outbox.Projection(new TProjection(), configure);

    /// <inheritdoc cref="Projection{TProjection}(OutboxConfigurator, Action{ProjectionConfigurator})"/>
    /// <param name="outbox">The outbox.</param>
    /// <param name="projection">The folds.</param>
    /// <param name="configure">Sets what it is built from, and when readers are given a new version.</param>
    public static void Projection(this OutboxConfigurator outbox, Projection projection, Action<ProjectionConfigurator>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(projection);
        var settings = new ProjectionConfigurator();
        configure?.Invoke(settings);
        if (settings.Settling < TimeSpan.Zero || settings.Settling > TimeSpan.FromDays(1))
        {
            throw new OutboxConfigurationException($"p.Settling of projection '{projection.Name}' is {settings.Settling}; it must be from 00:00:00 to 1.00:00:00.");
        }

        var services = outbox.Services;
        services.AddSingleton(new ProjectionDefinition(projection, settings.From, settings.Switch, settings.Inline) { Settling = settings.Settling, Extras = settings.Extras });
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OutboxOptions>, ProjectionCheck>());
    }
}
