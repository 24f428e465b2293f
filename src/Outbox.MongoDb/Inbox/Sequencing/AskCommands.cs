using Microsoft.Extensions.Options;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Delivery;
using Outbox.History.Repair;
using Outbox.Inbox.Sequencing;
using Outbox.Messages;
using Outbox.MongoDb.Capture;

namespace Outbox.MongoDb.Inbox.Sequencing;

/// <summary>Captures the commands to the owners of topics.</summary>
internal sealed class AskCommands(MessageStore messages, IEnumerable<ITopicNames> names, IOptions<OutboxOptions> options, RelaySignal signal)
{
    private readonly ITopicNames? _names = names.LastOrDefault();

    public Task CaptureAsync(IClientSessionHandle session, AskedGap gap, CancellationToken cancellationToken)
    {
        var (endpoint, topic, entityId) = gap.Sequence;
        var ask = new RepublishVersions(gap.Sequence.EntityType, entityId, _names?.Registered(topic) ?? topic, gap.From, gap.To, endpoint);
        return messages.InsertAsync(session, [RepairMessages.Ask(ask, options.Value.Lanes, gap.At)], new KnownHeads(), blocking: false, cancellationToken);
    }

    /// <summary>Their transactions have committed.</summary>
    public void Captured(int count)
    {
        if (count > 0)
        {
            signal.Raise();
        }
    }
}
