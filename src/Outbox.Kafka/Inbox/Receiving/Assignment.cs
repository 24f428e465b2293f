using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Watching;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Receiving;

/// <summary>The partitions that one consumer has. Touched by the consuming thread alone.</summary>
internal sealed class Assignment(EndpointName endpoint, TopicEndpointSettings settings, LostMessages lost, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan LagInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<TopicPartition, PartitionProgress> _partitions = [];
    private int _stored;
    private bool _paused;
    private int _finished;
    private long _lagAt;

    public void Add(IReadOnlyCollection<TopicPartition> partitions)
    {
        if (partitions.Count > 0)
        {
            logger.Assigned(endpoint.Group, string.Join(", ", partitions));
        }

        foreach (var partition in partitions)
        {
            _partitions[partition] = new PartitionProgress(partition);
            endpoint.Topics.Add(partition.Topic);
        }
    }

    /// <summary>Which partition reads no further, and why; <see langword="null"/> if all do.</summary>
    public string? HeldBack { get; private set; }

    /// <summary>A message was read. A partition of which too much is read behind a message that does not end is read no further.</summary>
    public Passage? Begin(IConsumer<byte[]?, byte[]?> consumer, ConsumeResult<byte[]?, byte[]?> result)
    {
        if (!_partitions.TryGetValue(result.TopicPartition, out var partition) || partition.Stopped is not null)
        {
            return null;
        }

        if (partition.Expected != result.Offset.Value && lost.Look(consumer, partition.Position, partition.Expected) is { } loss
            && settings.OnLostMessages == LostMessagesPolicy.Stop)
        {
            partition.Stopped = $"{loss}, and OnLostMessages is Stop: nothing is read behind them. Set the group's offset (kafka-consumer-groups --reset-offsets), or OnLostMessages to GoOn, and start "
                + "the service again.";
            HoldBack(consumer, partition);
            return null;
        }

        partition.Expected = result.Offset.Value + 1;
        var message = partition.Begin(RecordOf(result));
        if (!partition.IsHeldBack && partition.Open >= settings.UncommittedLimit)
        {
            HoldBack(consumer, partition);
        }

        return message;
    }

    /// <summary>How many partitions there are.</summary>
    public int Count => _partitions.Count;

    /// <summary>How many messages came to their ends since it was asked last.</summary>
    public int TakeFinished()
    {
        var finished = _finished;
        _finished = 0;
        return finished;
    }

    /// <summary>Whether it is time to look at <see cref="Lag"/> again.</summary>
    public bool LagIsDue()
    {
        if (time.GetElapsedTime(_lagAt) < LagInterval)
        {
            return false;
        }

        _lagAt = time.GetTimestamp();
        return true;
    }

    /// <summary>How many messages of its partitions are not done, by what the last fetches said; <see langword="null"/> before the first.</summary>
    public long? Lag(IConsumer<byte[]?, byte[]?> consumer)
    {
        long? lag = null;
        foreach (var partition in _partitions.Values)
        {
            if (LeftIn(consumer, partition) is { } left)
            {
                lag = (lag ?? 0) + left;
            }
        }

        return lag;
    }

    /// <summary>When the oldest message was published that was read and is not done.</summary>
    public DateTimeOffset? OldestOpen => _partitions.Values.Min(partition => partition.FirstOpenTime);

    /// <summary>Hands finished offsets to librdkafka, which commits them at its interval.</summary>
    /// <returns>Whether so many finished that they shall be committed now.</returns>
    public bool StoreFinished(IConsumer<byte[]?, byte[]?> consumer)
    {
        foreach (var partition in _partitions.Values)
        {
            var stored = Store(consumer, partition);
            _finished += stored;
            _stored += stored;
            if (partition is { IsHeldBack: true, Stopped: null } && partition.Open <= settings.UncommittedLimit / 2)
            {
                partition.IsHeldBack = false;
                if (!_paused)
                {
                    consumer.Resume([partition.Position]);
                    partition.Paused = false;
                }
            }
        }

        HeldBack = HeldBack is null ? null : Describe();

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
        if (positions.Count > 0)
        {
            logger.Revoked(endpoint.Group, string.Join(", ", positions));
        }

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
    public void Pause(IConsumer<byte[]?, byte[]?> consumer)
    {
        _paused = true;
        Switch(consumer.Pause, paused: true);
    }

    /// <summary>Reads again.</summary>
    public void Resume(IConsumer<byte[]?, byte[]?> consumer)
    {
        _paused = false;
        Switch(consumer.Resume, paused: false);
    }

    private void HoldBack(IConsumer<byte[]?, byte[]?> consumer, PartitionProgress partition)
    {
        partition.IsHeldBack = true;
        if (!partition.Paused)
        {
            consumer.Pause([partition.Position]);
            partition.Paused = true;
        }

        HeldBack = Describe();
    }

    private string? Describe() => _partitions.Values.Where(partition => partition.IsHeldBack).MaxBy(partition => partition.Stopped is not null) is { } partition
        ? partition.Stopped ?? $"The message at {partition.Position} @{partition.FirstOpen} has not come to its end, and {partition.Open} messages behind it were read. No more are until it does "
            + "(UncommittedMessageLimit): after a restart all of them come again."
        : null;

    private void Switch(Action<IEnumerable<TopicPartition>> apply, bool paused)
    {
        var affected = _partitions.Where(x => x.Value.Paused != paused && (paused || !x.Value.IsHeldBack)).ToList();
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

    private static long? LeftIn(IConsumer<byte[]?, byte[]?> consumer, PartitionProgress partition)
    {
        try
        {
            var (next, end) = (partition.FirstOpen ?? consumer.Position(partition.Position).Value, consumer.GetWatermarkOffsets(partition.Position).High.Value);
            return next >= 0 && end >= 0 ? Math.Max(0, end - next) : null;
        }
        catch (KafkaException)
        {
            // Just assigned, or just taken away: nobody knows.
            return null;
        }
    }

    private KafkaRecord RecordOf(ConsumeResult<byte[]?, byte[]?> result) => new(
        new WirePosition(result.Topic, result.Partition.Value, result.Offset.Value),
        result.Message.Key,
        result.Message.Value,
        new WireHeaders(result.Message.Headers),
        WireText.Time(result.Message.Timestamp))
    { Topic = endpoint.Topics.Of(result.Topic) };
}
