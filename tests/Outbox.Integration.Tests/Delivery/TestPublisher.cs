using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Publishing;
using Outbox.Kafka;
using Outbox.Kafka.Delivery;
using Outbox.Kafka.Delivery.Producing;
using Outbox.Messages;

namespace Outbox.Integration.Tests.Delivery;

/// <summary>A publisher without a relay around it.</summary>
internal sealed class TestPublisher : IMessagePublisher, ILaneGuard, IDisposable
{
    private readonly SenderPool _senders;
    private readonly KafkaPublisher _publisher;

    public TestPublisher(KafkaOptions kafka, OutboxOptions outbox)
    {
        // So long that a batch is one request: a test knows which request meets the error it set.
        kafka.ProducerSettings.TryAdd("linger.ms", "50");
        var factory = new ProducerFactory(Options.Create(kafka), Options.Create(outbox), NullLogger<ProducerFactory>.Instance);
        var partitions = new PartitionCounts(Options.Create(kafka), NullLogger<PartitionCounts>.Instance);
        _senders = new SenderPool(new SenderTools(factory, partitions, this, TimeProvider.System, NullLogger<SenderPool>.Instance), Options.Create(kafka));
        _publisher = new KafkaPublisher(_senders, partitions, TimeProvider.System);
    }

    public bool OwnsItsLanes { get; set; } = true;

    /// <summary>How many more messages may be queued before the lease seems to be over.</summary>
    public int MayQueue { get; set; } = int.MaxValue;

    public bool MaySend(int lane) => MayQueue-- > 0;

    public Task<bool> OwnsAsync(int lane, CancellationToken cancellationToken) => Task.FromResult(OwnsItsLanes);

    public Task<IReadOnlyList<PublishResult>> PublishAsync(
        IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken) =>
        _publisher.PublishAsync(messages, deadline, cancellationToken);

    public void Dispose() => _senders.Dispose();
}
