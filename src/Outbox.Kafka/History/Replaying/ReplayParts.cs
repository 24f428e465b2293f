using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Leases;
using Outbox.History.Replaying;
using Outbox.History.Storing;
using Outbox.Kafka.Installation;

namespace Outbox.Kafka.History.Replaying;

/// <summary>What a replay takes from its surroundings.</summary>
internal sealed class ReplayParts(IHistoryStore history, IHistoryReplayStore replays, ITopicAdmin admin, RelayIdentity identity, ReplayTools tools)
{
    public IHistoryStore History => history;

    public IHistoryReplayStore Replays => replays;

    /// <summary>The name under which this instance has the lease.</summary>
    public string Self => identity.Owner;

    public TimeProvider Time => tools.Time;

    public ILogger Logger => tools.Logger;

    /// <summary>Whether a topic is there. Where this service may not know, what is published to it says so.</summary>
    public async Task<bool> ExistsAsync(string topic, CancellationToken cancellationToken)
    {
        try
        {
            return await admin.FindAsync(tools.NameOf(topic), cancellationToken).ConfigureAwait(false) is not null;
        }
        catch (TopicDeniedException)
        {
            return true;
        }
    }
}
