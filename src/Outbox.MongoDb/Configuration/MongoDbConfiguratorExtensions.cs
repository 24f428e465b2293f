using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Delivery;
using Outbox.Delivery.Health;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Operations;
using Outbox.Delivery.Publishing;
using Outbox.Delivery.Reporting;
using Outbox.Delivery.Watching;
using Outbox.History.Repair;
using Outbox.History.Replaying;
using Outbox.History.Storing;
using Outbox.Inbox;
using Outbox.Inbox.Failing;
using Outbox.Inbox.Health;
using Outbox.Inbox.Operations;
using Outbox.Inbox.Replaying;
using Outbox.Inbox.Sequencing;
using Outbox.MongoDb;
using Outbox.MongoDb.Capture;
using Outbox.MongoDb.Configuration;
using Outbox.MongoDb.Delivery;
using Outbox.MongoDb.Delivery.Parking;
using Outbox.MongoDb.Delivery.Reading;
using Outbox.MongoDb.History;
using Outbox.MongoDb.History.Projecting;
using Outbox.MongoDb.History.Repair;
using Outbox.MongoDb.History.Replaying;
using Outbox.MongoDb.Inbox;
using Outbox.MongoDb.Inbox.Holding;
using Outbox.MongoDb.Inbox.Operations;
using Outbox.MongoDb.Inbox.Parking;
using Outbox.MongoDb.Inbox.Replaying;
using Outbox.MongoDb.Inbox.Sequencing;
using Outbox.MongoDb.Installation;
using Outbox.MongoDb.Operations;
using Outbox.MongoDb.Payloads;
using Outbox.MongoDb.Sessions;
using Outbox.MongoDb.Statistics;
using Outbox.Payloads;
using Outbox.Payloads.Claims;
using Outbox.Statistics;

namespace Outbox;

/// <summary>Keeps the outbox and the inbox in MongoDB.</summary>
public static class MongoDbConfiguratorExtensions
{
    /// <summary>
    /// Stores messages in MongoDB. Options come from the configuration section <c>Outbox:MongoDb</c> and then from <paramref name="configure"/>.
    /// Where it is said several times, as by the parts of a service, what is said last counts.
    /// Also registers <see cref="IMongoClient"/> and <see cref="IMongoDatabase"/>, unless the service has its own: those are used then, and need no connection or name in the options.
    /// </summary>
    public static void UseMongoDb(this OutboxConfigurator outbox, Action<MongoDbOptions>? configure = null)
    {
        var services = outbox.Services;
        var options = services.AddValidatedOptions<MongoDbOptions>(MongoDbOptions.Section);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.AddDatabase();
        services.TryAddSingleton<SessionRegistry>();
        services.TryAddSingleton<InstanceStore>();
        services.TryAddSingleton<TransactionSessions>();
        services.TryAddSingleton<ShortTransactions>();
        services.TryAddSingleton<CaptureBufferFactory>();
        services.TryAddSingleton<EntityVersions>();
        services.TryAddSingleton<HistoryWriter>();
        services.TryAddSingleton<HistoryAccess>();
        services.TryAddSingleton<IHistoryStore, MongoHistoryStore>();
        services.AddProjections();
        services.AddOperations();
        services.TryAddSingleton<CapturedPayloads>();
        services.TryAddKeyedSingleton<IPayloadStore>(PayloadStores.Own, (provider, _) =>
        {
            var collections = provider.GetRequiredService<OutboxCollections>();
            return provider.StoreOf(collections.Database, collections.Names);
        });
        services.TryAddSingleton<MessageStore>();
        services.TryAddSingleton<TransactionStart>();
        services.TryAddSingleton<TransactionEnd>();
        services.TryAddSingleton<MongoTransactions>();
        services.TryAddSingleton<IOutbox, MongoOutbox>();
        services.TryAddSingleton<ParkingTransaction>();
        services.TryAddSingleton<UnreadableMessages>();
        services.TryAddSingleton<HeldMessages>();
        services.TryAddSingleton<SentHistory>();
        services.TryAddSingleton<IOutboxReader, MongoOutboxReader>();
        services.TryAddSingleton<PendingMessages>();
        services.TryAddSingleton<ParkedMessages>();
        services.TryAddSingleton<IOutboxBacklog, MongoOutboxBacklog>();
        services.TryAddSingleton<IOutboxStatistics, MongoOutboxStatistics>();
        services.TryAddSingleton<IOutboxWatcher, MongoOutboxWatcher>();
        services.TryAddSingleton<OutboxFailures>();
        services.TryAddSingleton<OutboxMoves>();
        services.TryAddSingleton<OutboxActs>();
        services.TryAddSingleton<IOutboxOperations, MongoOutboxOperations>();
        services.TryAddSingleton<ILeaseStore, MongoLeaseStore>();
        services.TryAddSingleton<IRelayReports, MongoRelayReports>();
        services.TryAddSingleton<ITopicPartitions, MongoTopicPartitions>();
        services.TryAddSingleton<EarlierSequences>();
        services.TryAddSingleton<SequenceStep>();
        services.TryAddSingleton<GapGiver>();
        services.TryAddSingleton<WaitingRoom>();
        services.TryAddSingleton<IHeldMessages, MongoHeldMessages>();
        services.TryAddSingleton<IReorderBuffer, MongoReorderBuffer>();
        services.TryAddSingleton<SnapshotCopies>();
        services.TryAddSingleton<ReplaySnapshots>();
        services.TryAddSingleton<IReplayStore, MongoReplayStore>();
        services.TryAddSingleton<IInboxReplay, MongoInboxReplay>();
        services.TryAddSingleton<AskCommands>();
        services.TryAddSingleton<IGapRepair, MongoGapRepair>();
        services.TryAddSingleton<IAnswerBudget, MongoAnswerBudget>();
        services.TryAddSingleton<IRepublisher, MongoRepublisher>();
        services.TryAddSingleton<MongoHistoryReplays>();
        services.TryAddSingleton<IHistoryReplays>(provider => provider.GetRequiredService<MongoHistoryReplays>());
        services.TryAddSingleton<IHistoryReplayStore>(provider => provider.GetRequiredService<MongoHistoryReplays>());
        services.TryAddSingleton<IHistoryRequestStore, MongoHistoryRequests>();
        services.TryAddSingleton<InboxFailures>();
        services.TryAddSingleton<InboxDiscards>();
        services.TryAddSingleton<InboxRestores>();
        services.TryAddSingleton<InboxActs>();
        services.TryAddSingleton<InboxBook>();
        services.TryAddSingleton<IInboxOperations, MongoInboxOperations>();
        services.TryAddSingleton<IInbox, MongoInbox>();
        services.TryAddSingleton<IBatchInbox, MongoBatchInbox>();
        services.TryAddSingleton<IInboxRecordStore, MongoInboxRecordStore>();
        services.TryAddSingleton<IInboxParking, MongoInboxParking>();
        services.TryAddSingleton<IInboxBacklog, MongoInboxBacklog>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IOutageDetector, MongoOutageDetector>());

        if (services.All(service => service.ImplementationType != typeof(InstallerService)))
        {
            // Before the relay and the bus: they need the collections.
            services.Insert(0, ServiceDescriptor.Singleton<Microsoft.Extensions.Hosting.IHostedService, InstanceService>());
            services.Insert(0, ServiceDescriptor.Singleton<Microsoft.Extensions.Hosting.IHostedService, InstallerService>());
        }
    }

    private static void AddDatabase(this IServiceCollection services)
    {
        var given = GivenMongoDb.Of(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MongoDbOptions>, MongoDbOptionsValidator>());
        services.TryAddSingleton<MongoDbPlace>();
        given.Offer(provider => provider.GetRequiredService<MongoDbPlace>().CreateClient());
        given.Offer(provider => provider.GetRequiredService<MongoDbPlace>().CreateDatabase());

        // By a factory, so that the validation of the container does not meet a scoped database before the settings are validated.
        services.TryAddSingleton(provider => provider.GetRequiredService<MongoDbPlace>().CreateCollections());
        services.TryAddSingleton<MongoInstaller>();
        services.TryAddSingleton<IInstallation>(provider => provider.GetRequiredService<MongoInstaller>());
    }
}
