using Outbox.History.Projecting;
using Outbox.History.Projecting.Building;
using Outbox.Inbox.Failing;
using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Inbox.Ending;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Parts;
using Outbox.Kafka.Inbox.Replaying;
using Outbox.Kafka.Inbox.Rider;
using Outbox.Kafka.Inbox.Turns;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Projecting;

/// <summary>What consumes a build's topic: messages go from the topic to the rows without MassTransit's pipeline.</summary>
/// <remarks>Its gate is always open: a read model is built again, and not replayed. No fault is published: a projection has no effects.</remarks>
internal sealed class ProjectionParts(IServiceProvider services, ProjectionBuild build) : ReceivingParts(services, SettingsOf(build), new ReplayGate(isOpen: true))
{
    private static readonly BatchLimits Pages = new(MessageLimit: 500, ConcurrencyLimit: 2, TimeLimit: TimeSpan.FromMilliseconds(10));

    private IReorderBuffer Buffer => build.Registration.From == RebuildFrom.History ? new RecordsOnly(Get<IReorderBuffer>()) : Get<IReorderBuffer>();

    public RunningParts Start(CancellationToken stopping)
    {
        var health = new EndpointHealth(null, State, stopping);
        var gaps = new GapReport(Metrics, Logger);
        var queues = new EntityQueues(Settings.Group, Buffer, null);
        var killSwitch = new KillSwitch(Name, null, health, Time, Logger);
        var way = new MessageWay(
            [new PauseStep(killSwitch, Pauses, Self), Read(new ProjectedTypes(build.Registration)), new ProjectStep(build, Get<IProjectionPages>())],
            Ending(health, killSwitch, new FailurePolicies([], Settings, canHold: false), faults: null, queues, gaps));
        return new RunningParts(Receive(way, health), Sweep(Buffer, queues, way, new GapSweep(Buffer, repair: null, gaps)), health);
    }

    private static TopicEndpointSettings SettingsOf(ProjectionBuild build) =>
        new() { Topic = build.Registration.Topic, Group = build.Id, Batches = Pages, PrefetchCount = 4 * Pages.MessageLimit };
}
