using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Replaying;
using Outbox.Kafka.Inbox.Way;
using Outbox.Operations.Pausing;

namespace Outbox.Kafka.Inbox.Turns;

/// <summary>One look at what is parked.</summary>
internal sealed class SweepPass(EndpointName endpoint, IReorderBuffer buffer, EntityQueues queues, MessageWay way, GapSweep gaps)
{
    /// <summary>What may keep it from running anything.</summary>
    public required ReplayGate Gate { get; init; }

    /// <summary>What else may.</summary>
    public required PauseBook Pauses { get; init; }

    public async Task RunAsync(Lifetime lifetime)
    {
        if (Pauses.MustRest(PauseTarget.Endpoint(endpoint.Group)))
        {
            return;
        }

        using var opening = Gate.TryEnter(lifetime.Closing);
        if (opening is null)
        {
            return;
        }

        foreach (var topic in endpoint.Topics.All)
        {
            await RunAsync(topic, lifetime).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(string topic, Lifetime lifetime)
    {
        await gaps.RunAsync(endpoint.Group, topic, lifetime.Abandoned).ConfigureAwait(false);
        foreach (var entity in await buffer.ReadyAsync(endpoint.Group, topic, lifetime.Abandoned).ConfigureAwait(false))
        {
            await way.FollowAsync(queues.All(entity), lifetime).ConfigureAwait(false);
        }

        foreach (var parked in await buffer.RetriesAsync(endpoint.Group, topic, lifetime.Abandoned).ConfigureAwait(false))
        {
            await way.RetryAsync(parked, lifetime).ConfigureAwait(false);
        }
    }
}
