using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Outbox.Inbox;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Turns;
using Outbox.Kafka.Inbox.Way;
using Outbox.Messages;
using Outbox.Operations.Errors;
using Outbox.Versioning;

namespace Outbox.Kafka.Inbox.Ending;

/// <summary>What is kept of a message, whole, and why.</summary>
internal sealed class ParkedAs(TopicEndpointSettings settings, FailurePolicies failures, TimeProvider time)
{
    /// <summary>A document has at most 16 MB, and more is in it than the record.</summary>
    public const long LargestRecord = 15 * 1024 * 1024;

    private const int ErrorLimit = 32_000;
    private const string RedeliveryCount = "MT-Redelivery-Count";
    private const int KeyLimit = 1_024;
    private const int NameLimit = 1_024;

    /// <summary>What its envelope says is kept, or else its headers, so that who asks for its id or its entity finds it; it has no place in a sequence.</summary>
    public ParkedMessage Unreadable(Passage message, Exception error)
    {
        var (described, envelope) = (Describe(message, ParkReason.Unreadable, error.Message, attempts: 1), message.Envelope);
        var id = Cut(Read(envelope?.MessageId)) ?? Read(described.MessageId);
        return described with
        {
            MessageId = id,
            RecordTopic = settings.HasSeveralTopics && id is not null ? new RecordScope(message.Record.Topic).Of(id) : null,
            Type = Cut(Read(envelope?.Type)) ?? Read(described.Type),
            EntityType = Read(envelope?.EntityType),
            EntityId = Read(envelope?.EntityId),
            Signature = ErrorSignature.Of(error),
        };
    }

    public ParkedMessage Failed(Passage message, Exception error)
    {
        var decoded = message.Decoded!;
        var failed = Named(message, ParkReason.Failed, error.ToString(), message.Attempts);
        return failed with
        {
            Signature = ErrorSignature.Of(error),
            Hold = failed.EntityId is { Length: > 0 } && failures.Hold(decoded.Type),
            InSequence = decoded.Ordering == MessageOrdering.Sequence,
        };
    }

    /// <summary>A message that failed and is tried again by itself. It brings along how often that was.</summary>
    public ParkedMessage Until(Passage message, Verdict.Later later)
    {
        var failed = Failed(message, later.Error);
        var count = KeyValuePair.Create<string, byte[]?>(RedeliveryCount, Encoding.UTF8.GetBytes(later.Count.ToString(CultureInfo.InvariantCulture)));
        return failed with { RetryAt = time.GetUtcNow() + later.Delay, Headers = [.. failed.Headers.Where(header => header.Key != RedeliveryCount), count] };
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
            RecordTopic = settings.HasSeveralTopics ? new RecordScope(message.Record.Topic).Of(envelope.MessageId) : null,
            EntityType = envelope.EntityType.Length > 0 ? envelope.EntityType : null,
            EntityId = envelope.EntityId,
            Version = envelope.Version,
            Type = envelope.Type,
        };
    }

    private ParkedMessage Describe(Passage message, ParkReason reason, string error, int attempts)
    {
        var record = message.Record;
        var value = record.Value ?? [];
        var isTooLarge = record.Size > LargestRecord;
        // What is too large without its value as well has headers and a key that say nothing to anybody.
        var isTooLargeWithout = record.Size - value.Length > LargestRecord;
        return new ParkedMessage
        {
            Endpoint = settings.Group,
            Topic = record.Topic,
            Partition = record.Position.Partition,
            Offset = record.Position.Offset,
            Key = isTooLargeWithout && record.Key?.Length > KeyLimit ? record.Key[..KeyLimit] : record.Key,
            Value = isTooLarge ? null : record.Value,
            Omitted = isTooLarge ? new OmittedValue(value.Length, Convert.ToHexStringLower(SHA256.HashData(value))) : null,
            Headers = isTooLargeWithout ? [] : [.. record.Headers.All()],
            Timestamp = record.Time,
            MessageId = Cut(record.Headers.Text(MessageHeaders.MessageId)),
            Type = Cut(record.Headers.Text(MessageHeaders.Type)),
            Reason = reason,
            Error = error.Length > ErrorLimit ? error[..ErrorLimit] : error,
            Attempts = attempts,
        };
    }

    private static string? Read(string? text) => text is { Length: > 0 } ? text : null;

    private static string? Cut(string? name) => name?.Length > NameLimit ? name[..NameLimit] : name;
}
