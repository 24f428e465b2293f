using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Outbox.Inbox;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Reading;

/// <summary>
/// Names messages that came without an id by their place on Kafka, which is the same whenever they are delivered. What their producer sends twice has two places,
/// so it is not recognised as a duplicate: that is why they are counted.
/// </summary>
internal sealed class MissingIds(string endpoint, InboxMetrics metrics, ILogger logger)
{
    private readonly ConcurrentDictionary<string, bool> _reported = new();

    public Envelope Fill(Envelope envelope, Passage message)
    {
        if (envelope.MessageId.Length > 0)
        {
            return envelope;
        }

        var position = message.Record.Position;
        if (!message.IsRedelivered)
        {
            metrics.WithoutId(endpoint, position.Topic);
        }

        if (_reported.TryAdd(position.Topic, true))
        {
            logger.IdsDerived(endpoint, position.Topic);
        }

        return envelope with { MessageId = $"{position.Topic}/{position.Partition}/{position.Offset}" };
    }
}
