using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Outbox.Capture;
using Outbox.Delivery;
using Outbox.Delivery.Health;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Operations;
using Outbox.Delivery.Publishing;
using Outbox.Delivery.Watching;
using Outbox.History.Storing;
using Outbox.Inbox;
using Outbox.Inbox.Operations;

namespace Outbox.Configuration;

/// <summary>
/// Stands in for the store and the broker that <c>AddOutbox</c> was not told of, so that the start says what to call, and not which constructor lacks what.
/// </summary>
internal static class MissingParts
{
    private static readonly ServiceDescriptor[] Parts =
    [
        Store<IOutbox>(), Store<IOutboxReader>(), Store<IOutboxWatcher>(), Store<IOutboxOperations>(), Store<IOutboxBacklog>(), Store<ILeaseStore>(),
        Store<IHistoryStore>(), Store<IInbox>(), Store<IBatchInbox>(), Store<IInboxParking>(), Store<IInboxOperations>(),
        ServiceDescriptor.Singleton<IMessagePublisher, NoPublisher>(),
    ];

    /// <summary>Makes room: what is missing in one module's call may be said in another's.</summary>
    public static void Remove(IServiceCollection services)
    {
        foreach (var part in Parts)
        {
            services.Remove(part);
        }
    }

    public static void Add(IServiceCollection services) => services.TryAdd(Parts);

    private static ServiceDescriptor Store<T>()
        where T : class => ServiceDescriptor.Singleton<T>(_ => throw new OutboxConfigurationException(
            "Nothing says where messages are stored. Call o.UseMongoDb(…) inside AddOutbox; or, in a test without servers, o.UseInMemory()."));
}
