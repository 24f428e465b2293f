using Confluent.Kafka;
using MassTransit;
using Outbox.Inbox;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Consuming;
using Outbox.Kafka.Inbox.Decoding;
using Outbox.Kafka.Inbox.Failing;
using Outbox.Versioning;
using MessageHeaders = Outbox.Messages.MessageHeaders;

namespace Outbox.Kafka.Inbox.Processing;

/// <summary>Parks what this endpoint cannot process. Failing to park is an outage: a message is never passed over.</summary>
internal sealed class Parking(EndpointServices services, DeadLetters deadLetters)
{
    private const int ErrorLimit = 32_000;

    public async Task ParkUnreadableAsync(ReceivedMessage message, UnreadableMessageException error)
    {
        await ParkAsync(message, Describe(services, message, ParkReason.Unreadable, error.Message, attempts: 1), error).ConfigureAwait(false);
        services.Logger.UnreadableParked(message.Result.TopicPartitionOffset.ToString(), services.Settings.Group, error.Message);
    }

    public async Task ParkFailedAsync(ReceivedMessage message, DecodedMessage decoded, ReceiveContext context, Exception error)
    {
        var attempts = context.TryGetPayload<InboxAttempts>(out var counted) ? Math.Max(1, counted.Count) : 1;
        var envelope = decoded.Envelope!;
        var parked = Describe(services, message, ParkReason.Failed, error.ToString(), attempts) with
        {
            MessageId = envelope.MessageId,
            EntityId = envelope.EntityId,
            Version = envelope.Version,
            Type = envelope.Type,
            Hold = envelope.EntityId.Length > 0 && services.Failures.Hold(envelope.Type),
            InSequence = decoded.Ordering == MessageOrdering.Sequence,
        };
        await ParkAsync(message, parked, error).ConfigureAwait(false);
        services.Logger.FailedParked(
            error, envelope.MessageId, envelope.Type, message.Result.TopicPartitionOffset.ToString(), services.Settings.Group, attempts);
    }

    /// <summary>A message that waits for its predecessor.</summary>
    public static ParkedMessage Early(EndpointServices services, ReceivedMessage message, Envelope envelope)
    {
        var error = $"Version {envelope.Version} of entity '{envelope.EntityId}' came before version {envelope.Version - 1}.";
        return Describe(services, message, ParkReason.Gap, error, attempts: 0) with
        {
            MessageId = envelope.MessageId,
            EntityId = envelope.EntityId,
            Version = envelope.Version,
            Type = envelope.Type,
            InSequence = true,
        };
    }

    /// <summary>A message that queues behind one that failed.</summary>
    public static ParkedMessage Held(EndpointServices services, ReceivedMessage message, Envelope envelope)
    {
        var error = $"An earlier message of entity '{envelope.EntityId}' has failed.";
        return Describe(services, message, ParkReason.Held, error, attempts: 0) with
        {
            MessageId = envelope.MessageId,
            EntityId = envelope.EntityId,
            Version = envelope.Version,
            Type = envelope.Type,
            Hold = true,
        };
    }

    private async Task ParkAsync(ReceivedMessage message, ParkedMessage parked, Exception cause)
    {
        await deadLetters.PublishAsync(message, parked, cause).ConfigureAwait(false);
        try
        {
            await services.Parking.ParkAsync(parked, message.Partition.Abandoned).ConfigureAwait(false);
        }
        catch (Exception error) when (!message.Partition.Abandoned.IsCancellationRequested)
        {
            throw new OutageException(error);
        }

        services.Metrics.Parked(services.Settings.Group, parked.Reason);
    }

    private static ParkedMessage Describe(EndpointServices services, ReceivedMessage message, ParkReason reason, string error, int attempts) => new()
    {
        Endpoint = services.Settings.Group,
        Topic = message.Result.Topic,
        Partition = message.Result.Partition.Value,
        Offset = message.Result.Offset.Value,
        Key = message.Key,
        Value = message.Value,
        Headers = [.. message.Headers.Select(header => KeyValuePair.Create<string, byte[]?>(header.Key, header.GetValueBytes()))],
        Timestamp = message.Result.Message.Timestamp is { Type: not TimestampType.NotAvailable } time ? new DateTimeOffset(time.UtcDateTime) : null,
        MessageId = MessageDecoder.Header(message, MessageHeaders.MessageId),
        Type = MessageDecoder.Header(message, MessageHeaders.Type),
        Reason = reason,
        Error = error.Length > ErrorLimit ? error[..ErrorLimit] : error,
        Attempts = attempts,
    };
}
