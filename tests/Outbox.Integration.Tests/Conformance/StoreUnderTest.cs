using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Outbox.Capture;
using Outbox.Delivery;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Operations;
using Outbox.Inbox;
using Outbox.Inbox.Operations;
using Outbox.Inbox.Sequencing;
using Outbox.Integration.Tests.Servers;
using Outbox.Messages;
using Outbox.MongoDb.Installation;
using Outbox.Operations.Auditing;
using Outbox.Operations.Bulk;

namespace Outbox.Integration.Tests.Conformance;

/// <summary>An empty store, seen through the contracts alone.</summary>
public sealed class StoreUnderTest : IAsyncDisposable
{
    public const int Lanes = 4;

    private readonly ServiceProvider _services;

    private StoreUnderTest(ServiceProvider services) => _services = services;

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public IOutbox Outbox => Get<IOutbox>();

    public IOutboxReader Reader => Get<IOutboxReader>();

    public IOutboxOperations Operations => Get<IOutboxOperations>();

    public IBulkOperations Bulk => Get<IBulkOperations>();

    public IAudit Audit => Get<IAudit>();

    public ILeaseStore Leases => Get<ILeaseStore>();

    public IInbox Inbox => Get<IInbox>();

    public IBatchInbox Batches => Get<IBatchInbox>();

    public IInboxParking Parking => Get<IInboxParking>();

    public IReorderBuffer Buffer => Get<IReorderBuffer>();

    /// <summary>How early messages wait; a test may change it.</summary>
    public SequenceOptions Sequences => Get<IOptions<SequenceOptions>>().Value;

    public IInboxOperations InboxOperations => Get<IInboxOperations>();

    public static async Task<StoreUnderTest> CreateAsync(StoreKind kind, Action<OutboxConfigurator>? configure = null)
    {
        var mongo = kind == StoreKind.MongoDb ? await MongoDbServer.GetAsync() : null;
        var services = new ServiceCollection().AddLogging();
        StoreUnderTest? store = null;
        services.AddSingleton<TimeProvider>(_ => store!.Time);
        services.AddOutbox(o =>
        {
            if (mongo is null)
            {
                o.UseInMemory();
            }
            else
            {
                o.UseMongoDb(m => (m.Connection, m.DatabaseName) = (mongo.ConnectionString, $"t{Guid.NewGuid():N}"));
            }

            o.Lanes = Lanes;
            o.Topic("orders", t =>
            {
                t.Message<OrderPlaced>();
                t.Message<OrderCancelled>();
            });
            o.Topic("customers", t =>
            {
                t.EntityType = "customer";
                t.Message<CustomerMoved>();
            });
            configure?.Invoke(o);
        });
        store = new StoreUnderTest(services.BuildServiceProvider());
        if (mongo is not null)
        {
            await store.Get<MongoInstaller>().InstallAsync();
        }

        return store;
    }

    /// <summary>What is committed and not published, in the relay's order.</summary>
    public async Task<IReadOnlyList<OutboxMessage>> CommittedAsync(int pageSize = 1_000, IReadOnlyCollection<int>? lanes = null, params Entity[] held)
    {
        var messages = new List<OutboxMessage>();
        var request = new SweepRequest(lanes ?? [.. Enumerable.Range(0, Lanes)], pageSize, held, Time.GetUtcNow());
        await foreach (var page in Reader.SweepAsync(request, CancellationToken.None))
        {
            messages.AddRange(page);
        }

        return messages;
    }

    /// <summary>Delayed messages that are due at a moment.</summary>
    public async Task<IReadOnlyList<OutboxMessage>> DueAsync(DateTimeOffset now, int pageSize = 10)
    {
        var messages = new List<OutboxMessage>();
        await foreach (var page in Reader.ReadDueAsync(new SweepRequest([.. Enumerable.Range(0, Lanes)], pageSize, [], now), CancellationToken.None))
        {
            messages.AddRange(page);
        }

        return messages;
    }

    /// <summary>What a sweep reads with this left out.</summary>
    public async Task<IReadOnlyList<OutboxMessage>> SweptAsync(Func<SweepRequest, SweepRequest> leaveOut, int pageSize = 1_000)
    {
        var request = leaveOut(new SweepRequest([.. Enumerable.Range(0, Lanes)], pageSize, [], Time.GetUtcNow()));
        return await Reader.SweepAsync(request, CancellationToken.None).SelectMany(page => page).ToListAsync();
    }

    public Task PublishAsync(string entityId, long? version = null, MessageOptions? options = null) => Outbox.ExecuteAsync((tx, _) =>
    {
        tx.Publish(new OrderPlaced(entityId, 1), entityId, version, options);
        return Task.CompletedTask;
    });

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();
}
