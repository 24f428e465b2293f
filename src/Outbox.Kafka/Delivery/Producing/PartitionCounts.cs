using System.Collections.Concurrent;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Messages;

namespace Outbox.Kafka.Delivery.Producing;

/// <summary>
/// How many partitions the topics have to which something did not get through. It is asked for only then: with it, the messages of a partition without a
/// leader can wait while those of its neighbours go on.
/// </summary>
internal sealed class PartitionCounts(IOptions<KafkaOptions> options, ILogger<PartitionCounts> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>The partition that a message's key belongs to, if it can be told.</summary>
    public int? PartitionOf(OutboxMessage message) => _counts.TryGetValue(message.Topic, out var count)
        ? Murmur2.Partition(Encoding.UTF8.GetBytes(message.PartitionKey ?? message.EntityId), count)
        : null;

    /// <summary>Asks whichever broker answers, through a producer's connections.</summary>
    public async Task LearnAsync(Handle producer, IEnumerable<string> topics)
    {
        if (!PartitionsByMurmur2())
        {
            return;
        }

        await Task.Run(() =>
        {
            using var admin = new DependentAdminClientBuilder(producer).Build();
            foreach (var topic in topics)
            {
                if (!TryLearn(admin, topic))
                {
                    return;
                }
            }
        }).ConfigureAwait(false);
    }

    /// <returns>Whether a broker answered.</returns>
    private bool TryLearn(IAdminClient admin, string topic)
    {
        try
        {
            var metadata = admin.GetMetadata(options.Value.TopicPrefix + topic, Patience).Topics[0];
            if (metadata.Partitions.Count > 0)
            {
                _counts[topic] = metadata.Partitions.Count;
            }

            return true;
        }
        catch (KafkaException error)
        {
            // Without an answer the whole topic waits.
            logger.PartitionsUnknown(topic, error.Error.Reason);
            return false;
        }
    }

    private bool PartitionsByMurmur2()
    {
        var chosen = options.Value.ProducerSettings.TryGetValue("partitioner", out var own) || options.Value.Settings.TryGetValue("partitioner", out own) ? own : null;
        return chosen is null or "murmur2" or "murmur2_random";
    }
}
