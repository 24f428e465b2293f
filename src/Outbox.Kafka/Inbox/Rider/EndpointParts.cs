using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Capture;
using Outbox.Delivery.Leases;
using Outbox.Inbox;
using Outbox.Inbox.Failing;
using Outbox.Inbox.Health;
using Outbox.Inbox.Own;
using Outbox.Inbox.Replaying;
using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Inbox.DeadLettering;
using Outbox.Kafka.Inbox.Dispatching;
using Outbox.Kafka.Inbox.Ending;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Reading;
using Outbox.Kafka.Inbox.Receiving;
using Outbox.Kafka.Inbox.Replaying;
using Outbox.Kafka.Inbox.Running;
using Outbox.Kafka.Inbox.Turns;
using Outbox.Kafka.Inbox.Watching;
using Outbox.Kafka.Inbox.Way;
using Outbox.Kafka.Installation;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Inbox.Rider;

/// <summary>Puts an endpoint together: what receives messages, the steps that they take in their order, and what becomes of them at the end.</summary>
internal sealed class EndpointParts
{
    private readonly IServiceProvider _services;
    private readonly TopicEndpointSettings _settings;
    private readonly HandledTypes _handled;
    private readonly EndpointName _name;
    private readonly FailurePolicies _failures;
    private readonly ReplayGate _gate;

    public EndpointParts(IServiceProvider services, TopicEndpointSettings settings, HandledTypes handled)
    {
        (_services, _settings, _handled) = (services, settings, handled);
        var topics = new TopicSelector(settings.Topic);
        _name = new EndpointName(settings.Group, new KnownTopics(topics.WithPrefix(Kafka.TopicPrefix)));
        _gate = new ReplayGate(isOpen: Replays is null);
        _failures = new FailurePolicies(handled.Of(Registry, topics), settings, Held is not null);
    }

    public object Shown => new { _settings.Topic, _settings.Group };

    public TimeSpan RevokeTimeout => _settings.RevokeTimeout;

    /// <summary>Whether messages may have to queue behind one that failed.</summary>
    public bool Holds => _failures.Holds;

    public KafkaOptions Kafka => Get<IOptions<KafkaOptions>>().Value;

    private OutboxOptions Outbox => Get<IOptions<OutboxOptions>>().Value;

    private MessageRegistry Registry => Get<MessageRegistry>();

    private InboxMetrics Metrics => Get<InboxMetrics>();

    private TimeProvider Time => Get<TimeProvider>();

    private ILogger Logger => Get<ILoggerFactory>().CreateLogger("Outbox.Inbox");

    private IReorderBuffer? Buffer => _services.GetService<IReorderBuffer>();

    private IReplayStore? Replays => _services.GetService<IReplayStore>();

    private IGapRepair? Repair => _services.GetService<IGapRepair>();

    private IHeldMessages? Held => _services.GetService<IHeldMessages>();

    public RunningParts Start(ReceiveEndpointContext context, CancellationToken stopping)
    {
        var health = new EndpointHealth(context, Get<EndpointStates>().Of(_name.Group, _name.Topic), stopping);
        var killSwitch = new KillSwitch(_name, _settings.KillSwitch, health, Time, Logger);
        var gaps = new GapReport(Metrics, Logger);
        var queues = new EntityQueues(_settings.Group, Buffer, Held);
        var way = new MessageWay(Steps(context, killSwitch, gaps), Ending(health, killSwitch, queues, gaps));
        var sweep = Buffer is { } buffer
            ? new ParkedSweep(_name, new SweepPass(_name, buffer, queues, way, new GapSweep(buffer, Repair, gaps)) { Gate = _gate }, Outbox.QueryDelay, Time, Logger)
            : null;
        return new RunningParts(Receive(way, health), sweep, health) { Replays = Watch() };
    }

    public Task CheckRetentionAsync(CancellationToken stopping) => Get<RetentionCheck>().RunAsync(
        _settings.Group, Registry.All.Select(message => Kafka.TopicPrefix + message.Topic).Distinct().Where(_name.Topics.Selector.Matches), stopping);

    private ReplayWatch? Watch()
    {
        if (Replays is not { } store)
        {
            return null;
        }

        var presence = new EndpointPresence(_name.Group, _name.Topic, Get<RelayIdentity>().Owner) { InSequence = _handled.InSequence, HasBatches = _settings.HasBatches };
        return new ReplayWatch(store, _gate, presence, new ReplayWork(store, new GroupOffsets(Kafka, Outbox, Time), Time, Logger), Time)
        {
            Snapshots = _settings.SnapshotInterval is { } interval ? new SnapshotSchedule(Get<IInboxReplay>(), _name.Group, interval, _settings.SnapshotCollections, Time) : null,
        };
    }

    public TimeSpan LookInterval => Outbox.QueryDelay;

    private ConsumeLoop Receive(MessageWay way, EndpointHealth health)
    {
        IDispatcher dispatcher = _settings.Batches is { } limits
            ? new BatchDispatcher(_settings, limits, new RetryWaits(Outbox, Time), Time, way.ProcessAsync)
            : new KeyedDispatcher(_settings, new RetryWaits(Outbox, Time), way.ProcessAsync);
        return new ConsumeLoop(
            new ConsumerFactory(_name, _settings, Kafka, Outbox, Logger),
            () => new Assignment(_name, _settings, new LostMessages(_name, Metrics, health.State, Logger), Time, Logger),
            new Intake(_name, dispatcher, health, Logger),
            new OffsetCommits(_name, Time, Logger),
            new Watches(new BrokerWatch(_name, health, Kafka, Time, Logger), new ClientWatch(_name, new ClientProbe(Kafka), Time, Logger)))
        {
            Gate = _gate,
        };
    }

    /// <summary>The way of a message.</summary>
    private IReadOnlyList<IStep> Steps(ReceiveEndpointContext context, KillSwitch killSwitch, GapReport gaps)
    {
        var own = new OwnEndpoint(_settings.Group, new TopicSelector(_settings.Topic).Matches);
        var pipeline = new Pipeline(context, _settings, own, Get<MassTransit.IBus>(), _gate);
        return
        [
            new PauseStep(killSwitch),
            new ReadStep(_settings.Group, Registry, _handled, new MissingIds(_settings.Group, Metrics, Logger), Kafka.TopicPrefix),
            new VoidStep(_settings.Group, Repair, gaps),
            new PassStep(_name, _settings, Get<IInbox>(), Metrics, Logger) { Replays = _gate },
            new TurnStep(_settings.Group, _failures, Held),
            _settings.Batches is null ? new RunStep(pipeline) : new RunBatchStep(pipeline),
        ];
    }

    private MessageEnding Ending(EndpointHealth health, KillSwitch killSwitch, EntityQueues queues, GapReport gaps)
    {
        var waits = new RetryWaits(Outbox, Time);
        var parkedAs = new ParkedAs(_settings, _failures, Time);
        var deadLetters = new DeadLetters(
            new DeadLetterTopic(_settings.DeadLetterTopic, Kafka.TopicPrefix), Get<DeadLetterProducer>(), health, waits, Logger);
        var parking = new Parking(parkedAs, Get<IInboxParking>(), deadLetters, Metrics, Logger);
        return new MessageEnding(
            new Failures(Get<Outages>(), killSwitch, new FailedMessages(new Faults(Registry, Get<IOutbox>(), Logger), parking), waits, Logger),
            parking,
            new Waiting(parkedAs, queues, Get<TopicSequenceOptions>(), gaps),
            queues,
            new Resting(_name, health, waits, Logger));
    }

    private T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();
}
