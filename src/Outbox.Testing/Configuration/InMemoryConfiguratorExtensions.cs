using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Outbox.Capture;
using Outbox.Delivery;
using Outbox.Delivery.Health;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Operations;
using Outbox.Delivery.Publishing;
using Outbox.Delivery.Watching;
using Outbox.History.Projecting;
using Outbox.History.Projecting.Building;
using Outbox.History.Storing;
using Outbox.Inbox;
using Outbox.Inbox.Operations;
using Outbox.Inbox.Sequencing;
using Outbox.Messages;
using Outbox.Messages.Registration;
using Outbox.Operations.Auditing;
using Outbox.Operations.Bulk;
using Outbox.Operations.Explaining;
using Outbox.Operations.Pausing;
using Outbox.Operations.Seeing;
using Outbox.Testing;
using Outbox.Testing.Capture;
using Outbox.Testing.Configuration;
using Outbox.Testing.Delivery;
using Outbox.Testing.Inbox;
using Outbox.Testing.Operations;
using Outbox.Testing.Operations.Bulk;
using Outbox.Testing.Projections;
using Outbox.Testing.Store;

namespace Outbox;

/// <summary>Runs the outbox and the inbox in tests.</summary>
public static class InMemoryConfiguratorExtensions
{
    /// <summary>
    /// Stores messages in memory and publishes them in memory, in place of <c>UseMongoDb</c> and <c>UseKafka</c>. Transactions hold messages only: for code that
    /// writes MongoDB in them use <c>UseMongoDb</c> with the server of Outbox.Embedded, and <see cref="UseInMemoryBroker"/>.
    /// </summary>
    public static void UseInMemory(this OutboxConfigurator outbox)
    {
        var services = outbox.Services;
        services.TryAddSingleton<InMemoryStore>();
        services.TryAddSingleton<KeyLocks>();
        services.TryAddSingleton<InMemoryHistoryStore>();
        services.TryAddSingleton<IHistoryStore>(provider => provider.GetRequiredService<InMemoryHistoryStore>());
        services.TryAddSingleton<InMemoryHistory>();
        services.TryAddSingleton<InMemoryProjections>();
        services.TryAddSingleton<IProjectionPages>(provider => provider.GetRequiredService<InMemoryProjections>());
        services.TryAddSingleton<IProjectionFeed, InMemoryFeed>();
        services.TryAddSingleton(typeof(IReadModel<>), typeof(InMemoryReadModel<>));
        services.TryAddSingleton<InMemoryTransactions>();
        services.TryAddSingleton<IOutbox, InMemoryOutbox>();
        services.TryAddSingleton<IOutboxReader, InMemoryOutboxReader>();
        services.TryAddSingleton<IOutboxWatcher, InMemoryWatcher>();
        services.TryAddSingleton<InMemoryOutboxFailures>();
        services.TryAddSingleton<InMemoryOutboxActs>();
        services.TryAddSingleton<IOutboxOperations, InMemoryOutboxOperations>();
        services.TryAddSingleton<IOutboxBacklog, InMemoryBacklog>();
        services.TryAddSingleton<ILeaseStore, InMemoryLeaseStore>();
        services.TryAddSingleton<InMemoryGaps>();
        services.TryAddSingleton<InMemoryReorderBuffer>();
        services.TryAddSingleton<IReorderBuffer>(provider => provider.GetRequiredService<InMemoryReorderBuffer>());
        services.TryAddSingleton<IInboxParking>(provider => provider.GetRequiredService<InMemoryReorderBuffer>());
        services.TryAddSingleton<InMemoryInboxFailures>();
        services.TryAddSingleton<InMemoryInboxActs>();
        services.TryAddSingleton<IInboxOperations, InMemoryInboxOperations>();
        services.TryAddSingleton<BulkSignal>();
        services.TryAddSingleton<InMemoryBulkRun>();
        services.TryAddSingleton<InMemoryBulkOperations>();
        services.TryAddSingleton<IBulkOperations>(provider => provider.GetRequiredService<InMemoryBulkOperations>());
        services.TryAddSingleton<IBulkWork>(provider => provider.GetRequiredService<InMemoryBulkOperations>());
        services.AddHostedService<BulkService>();
        services.TryAddSingleton<InMemoryAudit>();
        services.TryAddSingleton<IAudit>(provider => provider.GetRequiredService<InMemoryAudit>());
        services.TryAddSingleton<IPauses, InMemoryPauses>();
        services.TryAddSingleton<IExplain, InMemoryExplain>();
        services.TryAddSingleton<IOutboxOverview, InMemoryOverview>();
        services.TryAddSingleton<IInbox, InMemoryInbox>();
        services.TryAddSingleton<IBatchInbox, InMemoryBatchInbox>();
        outbox.UseInMemoryBroker();
    }

    /// <summary>
    /// Publishes in memory, in place of <c>UseKafka</c>; call it after the store. Every message goes to MassTransit's bus, where all consumers of its type get it, and receive
    /// endpoints that <c>ConfigureEndpoints</c> makes have the inbox, as topic endpoints have. <see cref="OutboxHarness"/> sees what was published.
    /// </summary>
    public static void UseInMemoryBroker(this OutboxConfigurator outbox)
    {
        outbox.Services.TryAddSingleton<IMessagePublisher, InMemoryPublisher>();
        outbox.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureReceiveEndpoint, InboxOnEveryEndpoint>());
        outbox.Services.AddOutboxHarness();
    }

    /// <summary>
    /// Adds an <see cref="OutboxHarness"/> to a service that has an outbox, whatever store and broker it uses: for tests of a whole service on real or embedded servers.
    /// </summary>
    /// <exception cref="OutboxConfigurationException">There is no outbox yet.</exception>
    public static IServiceCollection AddOutboxHarness(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(HarnessLog)))
        {
            return services;
        }

        var reader = services.LastOrDefault(service => service.ServiceType == typeof(IOutboxReader)) ?? throw new OutboxConfigurationException(
            "The harness watches the relay at the store of an outbox, and there is none yet. Call it after AddOutbox with UseInMemory or UseMongoDb.");
        services.AddSingleton<HarnessLog>();
        services.AddSingleton<HarnessOutbox>();
        services.AddSingleton(provider => new OutboxHarness(
            provider.GetRequiredService<HarnessLog>(), provider.GetRequiredService<HarnessOutbox>(), provider.GetRequiredService<MessageRegistry>()));
        services.Replace(ServiceDescriptor.Singleton<IOutboxReader>(provider => new HarnessReader(
            (IOutboxReader)(reader.ImplementationInstance ?? reader.ImplementationFactory?.Invoke(provider)
                ?? ActivatorUtilities.CreateInstance(provider, reader.ImplementationType!)),
            provider.GetRequiredService<HarnessLog>())));
        return services;
    }
}
