using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Outbox.Delivery;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Publishing;

namespace Outbox.Kafka.Delivery.Places;

/// <summary>Asks how many partitions of a topic the relays go by.</summary>
internal sealed class PartitionAgreement(IEnumerable<ITopicPartitions> agreements, ILaneGuard guard, IOptions<KafkaOptions> options)
{
    private readonly ITopicPartitions? _partitions = agreements.LastOrDefault();
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);

    /// <summary>Whether lanes were taken since the relays were asked: their last owners may have gone by more partitions.</summary>
    public bool IsDue(TopicState topic) => _partitions is not null && topic.Leaders.Count > 0 && topic.AgreedAt < guard.Takeovers;

    /// <summary>
    /// Asks about one topic, one question after the other: an answer is taken in before the next question is asked. Of two that are under way at once the older answer could come last, and an
    /// entity would go back to the partition that it had left.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="seen">How many partitions the brokers say it has.</param>
    /// <param name="take">Takes in how many to go by, and how often lanes had been taken when that was asked.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="StoreFailedException">The database gave no answer.</exception>
    public async Task AskAsync(string topic, int seen, Action<int?, long> take, CancellationToken cancellationToken)
    {
        if (_partitions is null || seen == 0)
        {
            take(null, -1);
            return;
        }

        var turn = _turns.GetOrAdd(topic, static _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var takeovers = guard.Takeovers;
            take(
                await StoreFailedException.NameAsync(
                    "agreeing on a topic's partitions", () => _partitions.AgreeAsync(options.Value.TopicPrefix + topic, seen, cancellationToken)).ConfigureAwait(false),
                takeovers);
        }
        finally
        {
            turn.Release();
        }
    }
}
