using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Outbox.Delivery;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Publishing;
using Outbox.Kafka.Delivery.Places;
using Outbox.Kafka.Delivery.Producing;
using Outbox.Kafka.Formats.Custom;
using Outbox.Messages;

namespace Outbox.Kafka.Delivery.Sending;

/// <summary>What every sender takes from its surroundings.</summary>
internal sealed class SenderTools(ProducerFactory factory, PlaceBook places, ILaneGuard guard, IOptions<OutboxOptions> options, TimeProvider time)
{
    public ProducerFactory Factory => factory;

    public PlaceBook Places => places;

    public CustomFormats Formats => factory.Formats;

    public ILaneGuard Guard => guard;

    public TimeProvider Time => time;

    public ClientErrors Errors => factory.Errors;

    /// <summary>That the brokers refuse the credentials, if they do.</summary>
    public string? Credentials => Errors.Credentials;

    /// <summary>
    /// How much later than its first message a batch's last may be queued. The producer gives each up after the same time: so much later it might still send the last when the first
    /// is given up, and of one entity that would turn them round.
    /// </summary>
    public TimeSpan LongestSpread => options.Value.LeaseDuration * (DeliveryTimes.QueueShare - DeliveryTimes.BatchShare) / 4;

    /// <summary>Which time records bear.</summary>
    public RecordTime RecordTime { get; init; } = options.Value.RecordTime;

    /// <summary>The record's own time.</summary>
    public Timestamp TimeOf(OutboxMessage message) => new(RecordTime == RecordTime.Captured ? message.Timestamp : guard.Now);

    /// <summary>What becomes of a message that was not acknowledged in time.</summary>
    public PublishResult Unanswered(OutboxMessage message, TimeSpan deadline) =>
        places.Closed(message, doubts: false)
        ?? (Credentials is { } refused ? PublishResult.PlaceFailed(Place.Cluster, refused) : PublishResult.Unavailable($"not acknowledged by Kafka within {deadline}"));
}
