using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Outbox.Delivery;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Publishing;
using Outbox.Kafka;
using Outbox.Kafka.Delivery;
using Outbox.Kafka.Delivery.Places;
using Outbox.Kafka.Delivery.Producing;
using Outbox.Kafka.Delivery.Sending;
using Outbox.Messages;
using Outbox.Messages.Registration;
using Outbox.Payloads;
using Outbox.Payloads.Applying;
using Outbox.Payloads.Chain;
using Outbox.Payloads.Claims;

namespace Outbox.Integration.Tests.Delivery.Kafka;

/// <summary>A publisher without a relay around it.</summary>
internal sealed class TestPublisher : IMessagePublisher, ILaneGuard, IAsyncDisposable
{
    /// <summary>The setting that makes a batch one request, also of a process that stands still for a moment while it queues it: a test knows which request meets the error that it set.</summary>
    public static readonly (string Name, string Value) OneRequest = ("linger.ms", "500");

    private readonly KafkaPublisher _publisher;

    public TestPublisher(KafkaOptions kafka, OutboxOptions outbox, ITopicPartitions? partitions = null, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        // A batch is few requests, as it is with a relay whose process does not stand still.
        kafka.ProducerSettings.TryAdd("linger.ms", "50");
        var options = Options.Create(kafka);
        var errors = new ClientErrors(time, NullLogger<ClientErrors>.Instance);
        var factory = new ProducerFactory(options, Options.Create(outbox), errors);
        var agreement = new PartitionAgreement(partitions is null ? [] : [partitions], this, options);
        var places = new PlaceBook(new TopicQuestions(factory), agreement, options, time, NullLogger<PlaceBook>.Instance);
        Senders = new SenderPool(new SenderTools(factory, places, this, Options.Create(outbox), time), options);
        _publisher = new KafkaPublisher(Senders, places, Untouched(time), time);
    }

    /// <summary>What payloads go through where no topic says anything.</summary>
    private static PayloadPreparation Untouched(TimeProvider time)
    {
        var topics = new TopicRegistry([]);
        var transforms = new TopicTransforms(topics);
        var chain = new PayloadChain([], transforms, Options.Create(new PayloadOptions()));
        var stores = new PayloadStores(new ServiceCollection().BuildServiceProvider(), topics);
        return new PayloadPreparation(chain, transforms, new ClaimCheck(chain, stores, time, NullLogger<ClaimCheck>.Instance), time);
    }

    public SenderPool Senders { get; }

    public bool OwnsItsLanes { get; set; } = true;

    /// <summary>Keeps the database from saying whose a lane is.</summary>
    public StoreFailedException? DatabaseFails { get; set; }

    /// <summary>How many more messages may be queued before the lease seems to be over.</summary>
    public int MayQueue { get; set; } = int.MaxValue;

    /// <summary>What happens before a message is queued.</summary>
    public Action<int> BeforeQueueing { get; set; } = _ => { };

    public IReadOnlySet<int> Lanes => new HashSet<int> { 0, 1 };

    public long Takeovers { get; set; } = 1;

    public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow;

    public bool MaySend(int lane)
    {
        BeforeQueueing(lane);
        return MayQueue-- > 0;
    }

    public Task<bool> OwnsAsync(int lane, CancellationToken cancellationToken) => DatabaseFails is null ? Task.FromResult(OwnsItsLanes) : Task.FromException<bool>(DatabaseFails);

    public Task<IReadOnlyList<PublishResult>> PublishAsync(
        IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken) =>
        _publisher.PublishAsync(messages, deadline, cancellationToken);

    public Place PlaceOf(OutboxMessage message) => _publisher.PlaceOf(message);

    public ValueTask DisposeAsync() => Senders.DisposeAsync();
}
