using Confluent.Kafka;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Integration.Tests.Delivery.Kafka;

/// <summary>A batch that stops after its first message was sent, with its Kafka transaction open.</summary>
internal sealed class OpenBatch : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly ManualResetEventSlim _goOn = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TestPublisher _publisher;

    public OpenBatch(TestPublisher publisher)
    {
        _publisher = publisher;
        var queued = 0;
        publisher.BeforeQueueing = _ =>
        {
            if (++queued == 2)
            {
                _begun.SetResult();
                _goOn.Wait(Limit);
            }
        };
    }

    public Task<IReadOnlyList<PublishResult>> PublishAsync(params OutboxMessage[] messages) => Task.Run(() => _publisher.PublishAsync(messages, Limit, default));

    /// <summary>Waits until the first message is on the broker, committed or not.</summary>
    public static Task SentAsync(string servers, string topic) => Task.Run(() =>
    {
        using var reader = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig
        {
            BootstrapServers = servers,
            GroupId = $"open-{Guid.NewGuid():N}",
            IsolationLevel = IsolationLevel.ReadUncommitted,
        }).Build();
        reader.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        Assert.NotNull(reader.Consume(Limit));
    });

    /// <summary>Waits until the first message was given to the producer.</summary>
    public Task BegunAsync() => _begun.Task.WaitAsync(Limit);

    public void GoOn() => _goOn.Set();

    public void Dispose()
    {
        _goOn.Set();
        _goOn.Dispose();
    }
}
