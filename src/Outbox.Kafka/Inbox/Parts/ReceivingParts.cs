using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.History.Replaying;
using Outbox.Inbox;
using Outbox.Inbox.Failing;
using Outbox.Inbox.Health;
using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Inbox.DeadLettering;
using Outbox.Kafka.Inbox.Dispatching;
using Outbox.Kafka.Inbox.Ending;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Opening;
using Outbox.Kafka.Inbox.Reading;
using Outbox.Kafka.Inbox.Receiving;
using Outbox.Kafka.Inbox.Replaying;
using Outbox.Kafka.Inbox.Turns;
using Outbox.Kafka.Inbox.Watching;
using Outbox.Kafka.Inbox.Way;
using Outbox.Messages.Registration;
using Outbox.Operations.Pausing;
using Outbox.Payloads;
using Outbox.Payloads.Chain;
using Outbox.Payloads.Claims;

namespace Outbox.Kafka.Inbox.Parts;

/// <summary>Puts together what all that consume a topic have in common: what receives messages, and what becomes of them at the end. The way between is their own.</summary>
internal abstract class ReceivingParts
{
    private readonly IServiceProvider _services;

    protected ReceivingParts(IServiceProvider services, TopicEndpointSettings settings, ReplayGate gate)
    {
        (_services, Settings, Gate) = (services, settings, gate);
        Topics = new TopicSelector(settings.Topic);
        Name = new EndpointName(settings.Group, new KnownTopics(Topics.WithPrefix(Kafka.TopicPrefix), LiveTopic()));
    }

    public TimeSpan RevokeTimeout => Settings.RevokeTimeout;

    public KafkaOptions Kafka => Get<IOptions<KafkaOptions>>().Value;

    protected TopicEndpointSettings Settings { get; }

    /// <summary>The topics, as the service names them.</summary>
    protected TopicSelector Topics { get; }

    protected EndpointName Name { get; }

    protected ReplayGate Gate { get; }

    protected EndpointState State => Get<EndpointStates>().Of(Name.Group, Name.Topic);

    protected OutboxOptions Outbox => Get<IOptions<OutboxOptions>>().Value;

    protected MessageRegistry Registry => Get<MessageRegistry>();

    protected InboxMetrics Metrics => Get<InboxMetrics>();

    protected PauseBook Pauses => Get<PauseBook>();

    /// <summary>What a person pauses it as.</summary>
    protected PauseTarget Self => PauseTarget.Endpoint(Name.Group);

    protected TimeProvider Time => Get<TimeProvider>();

    protected ILogger Logger => Get<ILoggerFactory>().CreateLogger("Outbox.Inbox");

    private RetryWaits Waits => new(Outbox, Time);

    /// <summary>The topic whose history comes on this one, unless this one has messages of its own.</summary>
    private string? LiveTopic() =>
        !Topics.IsPattern && HistoryTopic.LiveOf(Settings.Topic) is { } live && Registry.All.Any(x => x.Topic == live) && !Registry.All.Any(x => x.Topic == Settings.Topic)
            ? Kafka.TopicPrefix + live
            : null;

    protected T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    protected T? Find<T>()
        where T : class => _services.GetService<T>();

    protected ReadStep Read(IHandledTypes handled) => new(Settings.Group, Registry, handled, new MissingIds(Settings.Group, Metrics, Logger), Kafka.TopicPrefix)
    {
        Payloads = new RecordPayloads(Get<PayloadChain>(), new UnknownKeys(PayloadOptions.KeyPatience, Time), PayloadOptions.MaxBytes, Kafka.TopicPrefix),
    };

    private PayloadOptions PayloadOptions => Get<IOptions<PayloadOptions>>().Value;

    protected ParkedSweep Sweep(IReorderBuffer buffer, EntityQueues queues, MessageWay way, GapSweep gaps) =>
        new(Name, new SweepPass(Name, buffer, queues, way, gaps) { Gate = Gate, Pauses = Pauses }, Outbox.QueryDelay, Time, Logger);

    protected ConsumeLoop Receive(MessageWay way, EndpointHealth health)
    {
        IDispatcher dispatcher = Settings.Batches is { } limits
            ? new BatchDispatcher(Settings, limits, Waits, Time, way.ProcessAsync)
            : new KeyedDispatcher(Settings, Waits, way.ProcessAsync);
        return new ConsumeLoop(
            new ConsumerFactory(Name, Settings, Kafka, Outbox, Logger),
            () => new Assignment(Name, Settings, new LostMessages(Name, Metrics, health.State, Logger), Time, Logger),
            new Intake(Name, dispatcher, health, Pauses, Logger),
            new OffsetCommits(Name, Time, Logger),
            new Watches(new BrokerWatch(Name, health, Kafka, Time, Logger), new ClientWatch(Name, new ClientProbe(Kafka), Time, Logger)))
        {
            Gate = Gate,
        };
    }

    /// <param name="health">The endpoint's.</param>
    /// <param name="killSwitch">Stops it where most messages fail.</param>
    /// <param name="failures">What is done with those that fail.</param>
    /// <param name="faults">Publishes faults of them; <see langword="null"/> where none are to be.</param>
    /// <param name="queues">What waits behind them.</param>
    /// <param name="gaps">What is told of those that are waited for.</param>
    protected IEnding Ending(EndpointHealth health, KillSwitch killSwitch, FailurePolicies failures, Faults? faults, EntityQueues queues, GapReport gaps)
    {
        var parkedAs = new ParkedAs(Settings, failures, Time);
        var deadLetters = new DeadLetters(new DeadLetterTopic(Settings.DeadLetterTopic, Kafka.TopicPrefix), Get<DeadLetterProducer>(), health, Waits, Logger);
        var parking = new Parking(parkedAs, Get<IInboxParking>(), deadLetters, Metrics, Logger);
        var ending = new MessageEnding(
            new Failures(Get<Outages>(), killSwitch, new FailedMessages(faults, parking), Waits, Logger),
            parking,
            new Waiting(parkedAs, queues, Get<TopicSequenceOptions>(), gaps),
            queues,
            new Resting(Name, health, Waits, Logger));
        return new ClaimEnding(ending, Get<ClaimCheck>(), Settings.Group, Kafka.TopicPrefix);
    }
}
