using MassTransit;
using MassTransit.Scheduling;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture.Calls;
using Outbox.Inbox.Failing;
using Outbox.Messages;
using Outbox.Messages.Registration;
using Outbox.Versioning;

namespace Outbox.Inbox;

/// <summary>What the inbox filters of one endpoint share.</summary>
/// <param name="name">Its name in records.</param>
/// <param name="services">Where the store is found.</param>
/// <param name="options">How the inbox works.</param>
/// <param name="endpoint">The endpoint's configuration.</param>
/// <param name="comes">Whether messages of a registration can come here; by default all.</param>
internal sealed class InboxEndpoint(string name, IServiceProvider services, InboxOptions options, IReceiveEndpointConfigurator endpoint, Func<MessageRegistration, bool>? comes = null)
{
    private readonly Func<MessageRegistration, bool> _comes = comes ?? (static _ => true);
    private readonly Outages _outages = Required<Outages>(services);

    /// <summary>What MassTransit's probe calls the inbox.</summary>
    public const string FilterName = "inbox";

    public string Name => name;

    public EndpointConsumers Consumers { get; } = new(name);

    public IInbox Inbox { get; } = Required<IInbox>(services);

    public bool Transactional => options.Transactional;

    public IInboxRecordStore Records => Required<IInboxRecordStore>(services);

    public IBatchInbox Batches => Required<IBatchInbox>(services);

    public MessageRegistry Registry { get; } = Required<MessageRegistry>(services);

    public ConsumerCapture Capture { get; } = new(Required<CaptureEndpoints>(services).Of(endpoint), Required<MessageCapture>(services));

    public InboxMetrics Metrics { get; } = Required<InboxMetrics>(services);

    public TimeProvider Time { get; } = Required<TimeProvider>(services);

    /// <summary>One that delays messages itself, without a scheduler service.</summary>
    public IMessageScheduler Scheduler(ConsumeContext context) =>
        new MessageScheduler(new DelayedScheduleMessageProvider(context), Required<IBus>(services).Topology);

    /// <summary>Whether messages in sequence reach a consumer of this type: the type itself, its tombstones, or what implements it.</summary>
    public bool IsInSequence(Type consumed) => Registry.All.Any(registration =>
        registration.Ordering == MessageOrdering.Sequence && _comes(registration)
        && (consumed.IsAssignableFrom(registration.ClrType) || consumed == typeof(Tombstone<>).MakeGenericType(registration.ClrType)));

    /// <summary>Whether no message could be processed now. Asks the database, where the error leaves it open.</summary>
    public Task<bool> IsOutageAsync(Exception error, CancellationToken cancellationToken) => _outages.IsOutageAsync(error, cancellationToken);

    private static T Required<T>(IServiceProvider services)
        where T : notnull => services.GetService<T>() ?? throw new OutboxConfigurationException(
            $"The inbox needs a {typeof(T).Name}, which is not registered. Call x.AddOutbox inside AddMassTransit, with a store such as o.UseMongoDb.");
}
