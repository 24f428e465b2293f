using System.Collections.Concurrent;
using Confluent.Kafka;
using Outbox.Embedded.Kafka;

namespace Outbox.Embedded.Tests.Kafka;

public sealed class GroupTests
{
    [Theory]
    [InlineData(PartitionAssignmentStrategy.Range)]
    [InlineData(PartitionAssignmentStrategy.RoundRobin)]
    [InlineData(PartitionAssignmentStrategy.CooperativeSticky)]
    public async Task Two_consumers_share_the_partitions_and_the_last_takes_them_back(PartitionAssignmentStrategy strategy)
    {
        await using var cluster = KafkaCluster.Start(new KafkaClusterOptions { Topics = { ["t"] = 4 } });
        using var first = new Member(cluster.BootstrapServers, strategy);
        await first.Holds(4);

        using (var second = new Member(cluster.BootstrapServers, strategy))
        {
            await Task.WhenAll(first.Holds(2), second.Holds(2));
            Assert.Empty(first.Partitions.Intersect(second.Partitions));
        }

        await first.Holds(4);
    }

    private sealed class Member : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly ConcurrentDictionary<TopicPartition, bool> _held = new();
        private readonly IConsumer<string, string> _consumer;
        private readonly Task _loop;
        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Member(string servers, PartitionAssignmentStrategy strategy)
        {
            _consumer = Clients.ConsumerBuilder(servers, "g", x => x.PartitionAssignmentStrategy = strategy)
                .SetPartitionsAssignedHandler((consumer, given) => Change(() => given.ForEach(x => _held[x] = true)))
                .SetPartitionsRevokedHandler((consumer, taken) => Change(() => taken.ForEach(x => _held.TryRemove(x.TopicPartition, out _))))
                .Build();
            _consumer.Subscribe("t");
            _loop = Task.Run(Poll);
        }

        public ICollection<TopicPartition> Partitions => _held.Keys;

        public async Task Holds(int count)
        {
            using var patience = new CancellationTokenSource(Clients.Patience);
            while (true)
            {
                var changed = Volatile.Read(ref _changed).Task;
                if (_held.Count == count)
                    return;
                await changed.WaitAsync(patience.Token);
            }
        }

        public void Dispose()
        {
            _stop.Cancel();
            _loop.Wait();
            _consumer.Close();
            _consumer.Dispose();
        }

        private void Poll()
        {
            while (!_stop.IsCancellationRequested)
                _consumer.Consume(TimeSpan.FromMilliseconds(20));
        }

        private void Change(Action change)
        {
            change();
            Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
    }
}
