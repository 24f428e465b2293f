using System.Collections.Concurrent;
using Confluent.Kafka;

namespace Demo.Kafka;

/// <summary>Reads the topics from their beginning to their end, all the time, beside the services.</summary>
internal sealed class TopicLog : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private readonly ConcurrentQueue<SeenRecord> _records = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly IConsumer<string, byte[]> _consumer;
    private readonly Task _reading;

    public TopicLog(string bootstrapServers, IReadOnlyList<TopicPartition> partitions)
    {
        // It only reads: the group is never joined and nothing is committed.
        _consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig { BootstrapServers = bootstrapServers, GroupId = "demo", EnableAutoCommit = false }).Build();
        _consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(partition, Offset.Beginning)));
        _reading = Task.Factory.StartNew(Read, TaskCreationOptions.LongRunning);
    }

    public IReadOnlyList<SeenRecord> Records => [.. _records];

    public static IReadOnlyList<TopicPartition> FindPartitions(string bootstrapServers, IEnumerable<string> topics)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
        return topics.SelectMany(topic => admin.GetMetadata(topic, Timeout).Topics)
            .SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition.PartitionId))).ToList();
    }

    /// <summary>Waits until everything below the given ends has been read.</summary>
    public async Task ReadUpToAsync(IReadOnlyDictionary<TopicPartition, long> ends, CancellationToken cancellationToken)
    {
        while (!_reading.IsCompleted && ends.Any(end => end.Value > 0 && ReadUpTo(end.Key) < end.Value))
        {
            await Task.Delay(50, cancellationToken);
        }

        if (_reading.IsFaulted)
        {
            await _reading;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _consumer.Dispose();
        _stop.Dispose();
    }

    private long ReadUpTo(TopicPartition partition)
    {
        var position = _consumer.Position(partition);
        return position == Offset.Unset ? 0 : position.Value;
    }

    private void Read()
    {
        while (!_stop.IsCancellationRequested)
        {
            if (_consumer.Consume(TimeSpan.FromMilliseconds(100)) is { } result)
            {
                _records.Enqueue(SeenRecord.From(result));
            }
        }
    }
}
