using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Outbox.Configuration;
using Outbox.Delivery;
using Outbox.Delivery.Batches;
using Outbox.Delivery.Health;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Relaying;
using Outbox.Delivery.Retrying;
using Outbox.Delivery.Watching;
using Outbox.History;
using Outbox.History.Keeping;
using Outbox.History.Loading;
using Outbox.History.Projecting.Health;
using Outbox.History.Projecting.Registration;
using Outbox.History.Registration;
using Outbox.Inbox;
using Outbox.Inbox.Failing;
using Outbox.Inbox.Health;
using Outbox.Inbox.Sequencing;
using Outbox.Messages;
using Outbox.Messages.Registration;
using Outbox.Operations.Pausing;
using Outbox.Operations.Redacting;
using Outbox.Statistics;

namespace Outbox;

/// <summary>Adds the outbox and the inbox to a service.</summary>
public static class OutboxServiceCollectionExtensions
{
    /// <summary>
    /// Adds capture, relay and inbox. Inside <c>AddMassTransit</c> use <c>x.AddOutbox</c> instead, which calls this.
    /// Options come from the configuration section <c>Outbox</c> and then from <paramref name="configure"/>.
    /// </summary>
    public static IServiceCollection AddOutbox(this IServiceCollection services, Action<OutboxConfigurator> configure)
    {
        services.AddValidatedOptions<OutboxOptions>(OutboxOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OutboxOptions>, OutboxOptionsValidator>());
        services.AddValidatedOptions<SequenceOptions>(SequenceOptions.Section);
        services.TryAddSingleton<TopicSequenceOptions>();
        services.TryAddSingleton<Outages>();
        services.TryAddSingleton<EndpointStates>();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new MessageRegistry(provider.GetServices<MessageRegistration>()));
        services.TryAddSingleton(provider => new TopicRegistry(provider.GetServices<TopicRegistration>()));
        services.TryAddSingleton(provider => new StateRegistry(provider.GetServices<StateRegistration>()));
        services.TryAddSingleton<EventReader>();
        services.TryAddSingleton(provider => new ProjectionRegistry(provider.GetServices<ProjectionDefinition>(), provider.GetRequiredService<MessageRegistry>()));
        services.TryAddSingleton<ProjectionMetrics>();
        services.TryAddSingleton<StateLoader>();
        services.TryAddSingleton<HistoryServices>();
        services.TryAddSingleton<Snapshots>();
        services.TryAddSingleton<Erasure>();
        services.TryAddSingleton<IHistory, KeptHistory>();
        services.AddHostedService<SnapshotService>();
        services.AddRelay();
        services.TryAddSingleton<PauseBook>();
        services.AddHostedService<PauseService>();
        services.AddHostedService<ReportService>();
        services.AddStatistics();
        services.AddRedaction();
        MissingParts.Remove(services);
        configure(new OutboxConfigurator(services));
        MissingParts.Add(services);
        return services;
    }

    /// <summary>
    /// Adds the relay alone, for a worker process that publishes what other services capture with <c>RelayEnabled = false</c>. It needs no message types,
    /// but the topics whose <c>OnParked</c> is not the default: <c>o.Topic("orders", t => t.OnParked = ParkedPolicy.Continue)</c>.
    /// </summary>
    public static IServiceCollection AddOutboxRelay(this IServiceCollection services, Action<OutboxConfigurator> configure) => services.AddOutbox(configure);

    private static void AddStatistics(this IServiceCollection services)
    {
        services.AddValidatedOptions<StatisticsOptions>(StatisticsOptions.Section);
        services.TryAddSingleton<LatestStatistics>();
        services.TryAddSingleton<StoreGauges>();
        services.TryAddSingleton<RelayGauges>();
        services.TryAddSingleton<EndpointGauges>();
        services.AddHostedService<GaugeService>();
        services.AddHostedService<StatisticsService>();
    }

    private static void AddRedaction(this IServiceCollection services)
    {
        services.TryAddSingleton<IPayloadRedactor>(provider => new JsonFieldRedactor(provider.GetRequiredService<IOptions<OutboxOptions>>().Value.Redact));
        services.TryAddSingleton<Redaction>();
    }

    private static void AddRelay(this IServiceCollection services)
    {
        services.TryAddSingleton<RelaySignal>();
        services.TryAddSingleton<RelayIdentity>();
        services.TryAddSingleton(provider => new RelayRuntime(
            provider.GetRequiredService<TimeProvider>(), new Random(provider.GetRequiredService<RelayIdentity>().Owner.GetHashCode(StringComparison.Ordinal))));
        services.TryAddSingleton<RelayHealth>();
        services.TryAddSingleton<OwnLeases>();
        services.TryAddSingleton<LeaseClock>();
        services.TryAddSingleton<LaneLeases>();
        services.TryAddSingleton<ILaneGuard, LaneGuard>();
        services.TryAddSingleton<RelayMetrics>();
        services.TryAddSingleton<HeldEntities>();
        services.TryAddSingleton<ClosedPlaces>();
        services.TryAddSingleton<RetrySchedule>();
        services.TryAddSingleton<FailureReport>();
        services.TryAddSingleton<ParkingRule>();
        services.TryAddSingleton<PageFilter>();
        services.TryAddSingleton<BatchPublisher>();
        services.TryAddSingleton<PlaceJudge>();
        services.TryAddSingleton<SettlingReport>();
        services.TryAddSingleton<BatchSettler>();
        services.TryAddSingleton<WaitingWork>();
        services.TryAddSingleton<RelaySource>();
        services.TryAddSingleton<PagePublisher>();
        services.TryAddSingleton<WatchReport>();
        services.TryAddSingleton<RelayOutcome>();
        services.TryAddSingleton<RelayWait>();
        services.TryAddSingleton<Relay>();
        services.AddHostedService<LeaseService>();
        services.AddHostedService<RelayService>();
        services.AddHostedService<WatchService>();
    }

    /// <summary>
    /// Binds options, of whatever name, to a configuration section, if the service has configuration, and validates them at start. Said again of the same options, it adds nothing.
    /// </summary>
    public static OptionsBuilder<T> AddValidatedOptions<T>(this IServiceCollection services, string section)
        where T : class
    {
        if (services.Any(service => service.ServiceType == typeof(Validated<T>)))
        {
            // Read again, the configuration would win over what was set in code meanwhile.
            return services.AddOptions<T>();
        }

        services.AddSingleton(new Validated<T>());
        services.AddSingleton<IConfigureOptions<T>>(provider => new ConfigureNamedOptions<T>(
            null, options => provider.GetService<IConfiguration>()?.GetSection(section).Bind(options)));
        return services.AddOptions<T>().ValidateDataAnnotations().ValidateOnStart();
    }

    /// <summary>Says that options are bound and validated.</summary>
    private sealed class Validated<T>;
}
