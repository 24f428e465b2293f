using System.Collections.Concurrent;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Consuming;

namespace Outbox.Kafka.Inbox.Decoding;

/// <summary>
/// Names messages that came without an id by their place on Kafka, which is the same whenever they are delivered. What their producer sends twice has two places,
/// so it is not recognised as a duplicate: that is why they are counted.
/// </summary>
internal sealed class MissingIds(EndpointServices services)
{
    private readonly ConcurrentDictionary<string, bool> _reported = new();

    public Envelope Fill(Envelope envelope, ReceivedMessage message, bool redelivered)
    {
        if (envelope.MessageId.Length > 0)
        {
            return envelope;
        }

        var position = message.Result;
        if (!redelivered)
        {
            services.Metrics.WithoutId(services.Settings.Group, position.Topic);
        }

        if (_reported.TryAdd(position.Topic, true))
        {
            services.Logger.IdsDerived(services.Settings.Group, position.Topic);
        }

        return envelope with { MessageId = $"{position.Topic}/{position.Partition.Value}/{position.Offset.Value}" };
    }
}
