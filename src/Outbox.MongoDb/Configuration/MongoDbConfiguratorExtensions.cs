using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Delivery;
using Outbox.Delivery.Health;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Operations;
using Outbox.Delivery.Watching;
using Outbox.Inbox;
using Outbox.Inbox.Health;
using Outbox.Inbox.Operations;
using Outbox.Inbox.Sequencing;
using Outbox.MongoDb;
using Outbox.MongoDb.Capture;
using Outbox.MongoDb.Configuration;
using Outbox.MongoDb.Delivery;
using Outbox.MongoDb.Delivery.Parking;
using Outbox.MongoDb.Inbox;
using Outbox.MongoDb.Inbox.Holding;
using Outbox.MongoDb.Inbox.Operations;
using Outbox.MongoDb.Inbox.Parking;
using Outbox.MongoDb.Inbox.Sequencing;
using Outbox.MongoDb.Installation;
using Outbox.MongoDb.Sessions;

namespace Outbox;

/// <summary>Keeps the outbox and the inbox in MongoDB.</summary>
public static class MongoDbConfiguratorExtensions
{
    /// <summary>
    /// Stores messages in MongoDB. Options come from the configuration section <c>Outbox:MongoDb</c> and then from <paramref name="configure"/>.
    /// Also registers <see cref="IMongoClient"/> and <see cref="IMongoDatabase"/>, unless the service has its own.
    /// </summary>
    public static void UseMongoDb(this OutboxConfigurator outbox, Action<MongoDbOptions>? configure = null)
    {
        var services = outbox.Services;
        var options = services.AddValidatedOptions<MongoDbOptions>(MongoDbOptions.Section).Validate(
            x => x.KeepTombstonesFor.Values.All(kept => kept >= TimeSpan.FromSeconds(1)),
            "Outbox:MongoDb:KeepTombstonesFor has a time below 1 second. Set each to longer than a change can be late, for example 30.00:00:00.");
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddSingleton<IMongoClient>(provider => HangLimits.Connect(
            provider.GetRequiredService<IOptions<MongoDbOptions>>().Value.Connection, provider.GetRequiredService<IOptions<OutboxOptions>>().Value.LeaseDuration));
        services.TryAddSingleton(provider => provider.GetRequiredService<IMongoClient>()
            .GetDatabase(provider.GetRequiredService<IOptions<MongoDbOptions>>().Value.DatabaseName));
        services.TryAddSingleton<OutboxCollections>();
        services.TryAddSingleton<SessionRegistry>();
        services.TryAddSingleton<InstanceStore>();
        services.TryAddSingleton<TransactionSessions>();
        services.TryAddSingleton<ShortTransactions>();
        services.TryAddSingleton<CaptureBufferFactory>();
        services.TryAddSingleton<EntityVersions>();
        services.TryAddSingleton<MongoTransactions>();
        services.TryAddSingleton<IOutbox, MongoOutbox>();
        services.TryAddSingleton<ParkingTransaction>();
        services.TryAddSingleton<UnreadableMessages>();
        services.TryAddSingleton<HeldMessages>();
        services.TryAddSingleton<SentHistory>();
        services.TryAddSingleton<IOutboxReader, MongoOutboxReader>();
        services.TryAddSingleton<IOutboxBacklog, MongoOutboxBacklog>();
        services.TryAddSingleton<IOutboxWatcher, MongoOutboxWatcher>();
        services.TryAddSingleton<IOutboxOperations, MongoOutboxOperations>();
        services.TryAddSingleton<ILeaseStore, MongoLeaseStore>();
        services.TryAddSingleton<EarlierSequences>();
        services.TryAddSingleton<SequenceStep>();
        services.TryAddSingleton<GapGiver>();
        services.TryAddSingleton<WaitingRoom>();
        services.TryAddSingleton<IHeldMessages, MongoHeldMessages>();
        services.TryAddSingleton<IReorderBuffer, MongoReorderBuffer>();
        services.TryAddSingleton<IInboxOperations, MongoInboxOperations>();
        services.TryAddSingleton<IInbox, MongoInbox>();
        services.TryAddSingleton<IBatchInbox, MongoBatchInbox>();
        services.TryAddSingleton<IInboxRecordStore, MongoInboxRecordStore>();
        services.TryAddSingleton<IInboxParking, MongoInboxParking>();
        services.TryAddSingleton<IInboxBacklog, MongoInboxBacklog>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IOutageDetector, MongoOutageDetector>());
        services.TryAddSingleton<MongoInstaller>();

        services.Insert(0, ServiceDescriptor.Singleton<Microsoft.Extensions.Hosting.IHostedService, InstanceService>());

        // Before the relay and the bus: they need the collections.
        services.Insert(0, ServiceDescriptor.Singleton<Microsoft.Extensions.Hosting.IHostedService, InstallerService>());
    }
}
