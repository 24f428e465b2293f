using Outbox.Inbox;
using Outbox.Kafka.Inbox.Turns;
using Outbox.Kafka.Inbox.Way;
using Outbox.Messages;
using Outbox.Versioning;

namespace Outbox.Kafka.Inbox.Ending;

/// <summary>What is kept of a message, whole, and why.</summary>
internal sealed class ParkedAs(string endpoint, FailurePolicies failures)
{
    private const int ErrorLimit = 32_000;

    public ParkedMessage Unreadable(Passage message, Exception error) => Describe(message, ParkReason.Unreadable, error.Message, attempts: 1);

    public ParkedMessage Failed(Passage message, Exception error)
    {
        var decoded = message.Decoded!;
        var failed = Named(message, ParkReason.Failed, error.ToString(), message.Attempts);
        return failed with
        {
            Hold = failed.EntityId is { Length: > 0 } && failures.Hold(decoded.Type),
            InSequence = decoded.Ordering == MessageOrdering.Sequence,
        };
    }

    /// <summary>A message that waits for its predecessor.</summary>
    public ParkedMessage Early(Passage message)
    {
        var envelope = message.Decoded!.Envelope!;
        var error = $"Version {envelope.Version} of entity '{envelope.EntityId}' came before version {envelope.Version - 1}.";
        return Named(message, ParkReason.Gap, error, attempts: 0) with { InSequence = true };
    }

    /// <summary>A message that queues behind one that failed.</summary>
    public ParkedMessage Held(Passage message) =>
        Named(message, ParkReason.Held, $"An earlier message of entity '{message.Decoded!.Envelope!.EntityId}' has failed.", attempts: 0) with { Hold = true };

    private ParkedMessage Named(Passage message, ParkReason reason, string error, int attempts)
    {
        var envelope = message.Decoded!.Envelope!;
        return Describe(message, reason, error, attempts) with
        {
            MessageId = envelope.MessageId,
            EntityType = envelope.EntityType,
            EntityId = envelope.EntityId,
            Version = envelope.Version,
            Type = envelope.Type,
        };
    }

    private ParkedMessage Describe(Passage message, ParkReason reason, string error, int attempts)
    {
        var record = message.Record;
        return new ParkedMessage
        {
            Endpoint = endpoint,
            Topic = record.Topic,
            Partition = record.Position.Partition,
            Offset = record.Position.Offset,
            Key = record.Key,
            Value = record.Value,
            Headers = [.. record.Headers.All()],
            Timestamp = record.Time,
            MessageId = record.Headers.Text(MessageHeaders.MessageId),
            Type = record.Headers.Text(MessageHeaders.Type),
            Reason = reason,
            Error = error.Length > ErrorLimit ? error[..ErrorLimit] : error,
            Attempts = attempts,
        };
    }
}
