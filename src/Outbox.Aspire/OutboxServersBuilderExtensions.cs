using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Outbox.Aspire;

namespace Aspire.Hosting;

/// <summary>Adds the embedded servers to an app host, and has services use them.</summary>
public static class OutboxServersBuilderExtensions
{
    /// <summary>
    /// Adds an embedded MongoDB and Kafka, which run in the app host's process and listen on the loopback interface: for development, without Docker. They are in no manifest: what is deployed brings its own.
    /// </summary>
    /// <param name="builder">The app host.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="configure">Ports, data, topics.</param>
    public static IResourceBuilder<OutboxServersResource> AddOutboxServers(
        this IDistributedApplicationBuilder builder, string name = "outbox-servers", Action<OutboxServersOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new OutboxServersOptions();
        configure?.Invoke(options);
        var resource = new OutboxServersResource(name);

        // The container disposes what it has made, when the app host ends.
        builder.Services.AddKeyedSingleton<OutboxServersResource>(name, (_, _) => resource);
        return builder.AddResource(resource)
            .WithInitialState(new CustomResourceSnapshot { ResourceType = "OutboxServers", Properties = [], State = KnownResourceStates.NotStarted })
            .ExcludeFromManifest()
            .OnInitializeResource((servers, started, _) => StartAsync(servers, started, options));
    }

    /// <summary>
    /// Has a service keep its outbox on the embedded servers: sets <c>Outbox:MongoDb:Connection</c>, <c>Outbox:MongoDb:DatabaseName</c> and <c>Outbox:Kafka:BootstrapServers</c>, and starts it when they run. Where the
    /// app host publishes, it sets nothing.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="servers">The servers.</param>
    /// <param name="database">The service's database: one for each service.</param>
    /// <typeparam name="T">The service's kind of resource: a project, an executable.</typeparam>
    public static IResourceBuilder<T> WithOutbox<T>(this IResourceBuilder<T> builder, IResourceBuilder<OutboxServersResource> servers, string database)
        where T : IResourceWithEnvironment, IResourceWithWaitSupport
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(servers);
        ArgumentException.ThrowIfNullOrWhiteSpace(database);
        return builder.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? builder
            : builder.WaitFor(servers).WithReferenceRelationship(servers).WithEnvironment(async context =>
            {
                var addresses = await servers.Resource.AddressesAsync(context.CancellationToken).ConfigureAwait(false);
                context.EnvironmentVariables["Outbox__MongoDb__Connection"] = addresses.MongoDb;
                context.EnvironmentVariables["Outbox__MongoDb__DatabaseName"] = database;
                context.EnvironmentVariables["Outbox__Kafka__BootstrapServers"] = addresses.BootstrapServers;
            });
    }

    private static async Task StartAsync(OutboxServersResource servers, InitializeResourceEvent started, OutboxServersOptions options)
    {
        _ = started.Services.GetRequiredKeyedService<OutboxServersResource>(servers.Name);
        try
        {
            var addresses = await servers.StartAsync(options).ConfigureAwait(false);
            started.Logger.Listening(addresses.MongoDb, addresses.BootstrapServers);
            await started.Notifications.PublishUpdateAsync(servers, snapshot => snapshot with
            {
                State = KnownResourceStates.Running,
                Properties = [new ResourcePropertySnapshot("MongoDB", addresses.MongoDb), new ResourcePropertySnapshot("Kafka", addresses.BootstrapServers)],
            }).ConfigureAwait(false);
        }
        catch (Exception error) when (error is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            started.Logger.NotStarted(error);
            await started.Notifications.PublishUpdateAsync(servers, snapshot => snapshot with { State = KnownResourceStates.FailedToStart }).ConfigureAwait(false);
        }
    }
}
