using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Receiving;

/// <summary>The partitions that one consumer has. Touched by the consuming thread alone.</summary>
internal sealed class Assignment(EndpointName endpoint, TopicEndpointSettings settings, TimeProvider time, ILogger logger)
{
    private readonly Dictionary<TopicPartition, PartitionProgress> _partitions = [];
    private int _stored;

    public void Add(IReadOnlyCollection<TopicPartition> partitions)
    {
        logger.Assigned(endpoint.Group, string.Join(", ", partitions));
        foreach (var partition in partitions)
        {
            _partitions[partition] = new PartitionProgress(partition);
            endpoint.Topics.Add(partition.Topic);
        }
    }

    public Passage? Begin(ConsumeResult<byte[]?, byte[]?> result) =>
        _partitions.TryGetValue(result.TopicPartition, out var partition) ? partition.Begin(RecordOf(result)) : null;

    /// <summary>Hands finished offsets to librdkafka, which commits them at its interval.</summary>
    /// <returns>Whether so many finished that they shall be committed now.</returns>
    public bool StoreFinished(IConsumer<byte[]?, byte[]?> consumer)
    {
        foreach (var partition in _partitions.Values)
        {
            _stored += Store(consumer, partition);
        }

        if (_stored < settings.CheckpointMessageCount)
        {
            return false;
        }

        _stored = 0;
        return true;
    }

    /// <summary>
    /// Lets what is being processed finish, cancels what takes too long, and stores what is done. What was cancelled is delivered again to whoever gets
    /// the partition next; the inbox sees to it that nothing happens twice.
    /// </summary>
    public void Revoke(IConsumer<byte[]?, byte[]?> consumer, IReadOnlyCollection<TopicPartition> positions)
    {
        logger.Revoked(endpoint.Group, string.Join(", ", positions));
        var revoked = Remove(positions);
        var idle = Task.WhenAll(revoked.Select(partition => partition.Lifetime.CloseAsync()));
        if (!WaitFor(idle, settings.RevokeTimeout))
        {
            logger.RevokedUnfinished(endpoint.Group, settings.RevokeTimeout);
            revoked.ForEach(partition => partition.Lifetime.Abandon());
            WaitFor(idle, TimeSpan.FromSeconds(1));
        }

        revoked.ForEach(partition => Store(consumer, partition));
        Unpause(consumer, revoked);
    }

    /// <summary>The group gave the partitions to others already: their offsets are no longer ours to store.</summary>
    public void Lose(IConsumer<byte[]?, byte[]?> consumer, IReadOnlyCollection<TopicPartition> positions) => Unpause(consumer, Abandon(positions));

    /// <summary>The consumer itself is lost.</summary>
    public void LoseAll() => Abandon([.. _partitions.Keys]);

    /// <summary>Stops reading; partitions that were assigned since the last call are not paused yet.</summary>
    public void Pause(IConsumer<byte[]?, byte[]?> consumer) => Switch(consumer.Pause, paused: true);

    /// <summary>Reads again.</summary>
    public void Resume(IConsumer<byte[]?, byte[]?> consumer) => Switch(consumer.Resume, paused: false);

    private void Switch(Action<IEnumerable<TopicPartition>> apply, bool paused)
    {
        var affected = _partitions.Where(x => x.Value.Paused != paused).ToList();
        if (affected.Count == 0)
        {
            return;
        }

        apply(affected.Select(x => x.Key));
        affected.ForEach(x => x.Value.Paused = paused);
    }

    /// <summary>librdkafka remembers that a partition is paused, also when it is taken away and given back.</summary>
    private static void Unpause(IConsumer<byte[]?, byte[]?> consumer, IEnumerable<PartitionProgress> partitions) =>
        consumer.Resume(partitions.Where(partition => partition.Paused).Select(partition => partition.Position));

    private static int Store(IConsumer<byte[]?, byte[]?> consumer, PartitionProgress partition)
    {
        if (partition.TakeFinished(out var messages) is { } offset)
        {
            consumer.StoreOffset(offset);
        }

        return messages;
    }

    private List<PartitionProgress> Abandon(IReadOnlyCollection<TopicPartition> positions)
    {
        var abandoned = Remove(positions);
        foreach (var partition in abandoned)
        {
            partition.Lifetime.CloseAsync();
            partition.Lifetime.Abandon();
        }

        return abandoned;
    }

    private List<PartitionProgress> Remove(IEnumerable<TopicPartition> positions)
    {
        var removed = new List<PartitionProgress>();
        foreach (var position in positions)
        {
            if (_partitions.Remove(position, out var partition))
            {
                removed.Add(partition);
            }
        }

        return removed;
    }

    private bool WaitFor(Task task, TimeSpan timeout) => Task.WaitAny(task, Task.Delay(timeout, time)) == 0;

    private static KafkaRecord RecordOf(ConsumeResult<byte[]?, byte[]?> result) => new(
        new WirePosition(result.Topic, result.Partition.Value, result.Offset.Value),
        result.Message.Key,
        result.Message.Value,
        new WireHeaders(result.Message.Headers),
        WireText.Time(result.Message.Timestamp));
}
