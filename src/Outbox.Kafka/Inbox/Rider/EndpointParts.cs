using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture;
using Outbox.Delivery.Leases;
using Outbox.History.Replaying;
using Outbox.Inbox;
using Outbox.Inbox.Failing;
using Outbox.Inbox.Health;
using Outbox.Inbox.Own;
using Outbox.Inbox.Replaying;
using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Inbox.Ending;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Parts;
using Outbox.Kafka.Inbox.Reading;
using Outbox.Kafka.Inbox.Replaying;
using Outbox.Kafka.Inbox.Running;
using Outbox.Kafka.Inbox.Turns;
using Outbox.Kafka.Inbox.Way;
using Outbox.Kafka.Installation;

namespace Outbox.Kafka.Inbox.Rider;

/// <summary>Puts an endpoint together: the steps that its messages take, in their order, between what receives them and what becomes of them at the end.</summary>
internal sealed class EndpointParts : ReceivingParts
{
    private readonly HandledTypes _handled;
    private readonly FailurePolicies _failures;

    public EndpointParts(IServiceProvider services, TopicEndpointSettings settings, HandledTypes handled)
        : base(services, settings, new ReplayGate(isOpen: services.GetService<IReplayStore>() is null))
    {
        _handled = handled;
        _failures = new FailurePolicies(handled.Of(Registry, Topics), settings, Held is not null);
    }

    public object Shown => new { Settings.Topic, Settings.Group };

    public TimeSpan LookInterval => Outbox.QueryDelay;

    /// <summary>Whether messages may have to queue behind one that failed.</summary>
    public bool Holds => _failures.Holds;

    private IGapRepair? Repair => Find<IGapRepair>();

    private IHeldMessages? Held => Find<IHeldMessages>();

    public RunningParts Start(ReceiveEndpointContext context, CancellationToken stopping)
    {
        var health = new EndpointHealth(context, State, stopping);
        var killSwitch = new KillSwitch(Name, Settings.KillSwitch, health, Time, Logger);
        var gaps = new GapReport(Metrics, Logger);
        var buffer = Find<IReorderBuffer>();
        var queues = new EntityQueues(Settings.Group, buffer, Held);
        var way = new MessageWay(Steps(context, killSwitch, gaps), Ending(health, killSwitch, _failures, new Faults(Registry, Get<IOutbox>(), Logger), queues, gaps));
        var sweep = buffer is null ? null : Sweep(buffer, queues, way, new GapSweep(buffer, Repair, gaps));
        var watch = Watch();
        if (watch is not null)
        {
            // Between a stop and this start it may have been replayed, or be so now.
            Gate.Close();
        }

        return new RunningParts(Receive(way, health), sweep, health) { Replays = watch };
    }

    public Task CheckRetentionAsync(CancellationToken stopping) => Get<RetentionCheck>().RunAsync(
        Settings.Group, Registry.All.Select(message => Kafka.TopicPrefix + message.Topic).Distinct().Where(Name.Topics.Selector.Matches), stopping);

    private ReplayWatch? Watch()
    {
        if (Find<IReplayStore>() is not { } store)
        {
            return null;
        }

        var presence = new EndpointPresence(Name.Group, Name.Topic, Get<RelayIdentity>().Owner) { InSequence = _handled.InSequence, HasBatches = Settings.HasBatches };
        return new ReplayWatch(store, Gate, presence, new ReplayWork(store, new GroupOffsets(Kafka, Outbox, Time), Time, Logger), Time)
        {
            State = State,
            Snapshots = Settings.SnapshotInterval is { } interval ? new SnapshotSchedule(Get<IInboxReplay>(), Get<EndpointStates>(), Name.Group, interval, Settings.SnapshotCollections, Time) : null,
        };
    }

    /// <summary>The way of a message.</summary>
    private IReadOnlyList<IStep> Steps(ReceiveEndpointContext context, KillSwitch killSwitch, GapReport gaps)
    {
        var pipeline = new Pipeline(context, Settings, new OwnEndpoint(Settings.Group, Topics.Reads), Get<MassTransit.IBus>(), Gate);
        var report = new ProcessingReport(Settings.Group, Metrics, Gate, Time);
        return
        [
            new PauseStep(killSwitch, Pauses, Self),
            Read(_handled),
            new VoidStep(Settings.Group, Repair, gaps),
            new HistoryStep(Settings.Group, Find<IHistoryRequestStore>(), Logger),
            new PassStep(Name, Settings, Get<IInbox>(), Metrics, Logger) { Replays = Gate },
            new TurnStep(Settings.Group, _failures, Held),
            Settings.Batches is null ? new RunStep(pipeline, report) : new RunBatchStep(pipeline, report),
        ];
    }
}
