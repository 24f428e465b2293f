using System.Globalization;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Operations.Errors;
using Outbox.Operations.Failures;

namespace Outbox.Testing.Store;

/// <summary>A consumed message that is parked.</summary>
internal sealed class ParkedEntry
{
    private static long _last;

    /// <summary>As a database's: of two that are parked at one moment the first has the smaller.</summary>
    public string Id { get; } = Interlocked.Increment(ref _last).ToString("x24", CultureInfo.InvariantCulture);

    public required ParkedMessage Message { get; set; }

    public required DateTimeOffset ParkedAt { get; set; }

    public FailureRecord Failure { get; set; } = FailureRecord.None;

    public bool Retry { get; set; }

    public bool Overdue { get; set; }

    public Sequence Sequence => new(Message.Endpoint, Message.Topic, Message.EntityId ?? "") { EntityType = Message.EntityType ?? "" };

    /// <summary>The value belongs to the identity: a topic that was created anew has other messages at the same offsets.</summary>
    public bool Is(ParkedMessage other) =>
        (Message.Endpoint, Message.Topic, Message.Partition, Message.Offset) == (other.Endpoint, other.Topic, other.Partition, other.Offset)
        && Message.Value is null == other.Value is null
        && Message.Value.AsSpan().SequenceEqual(other.Value);

    /// <summary>What waits has not failed, and is in a group of its own.</summary>
    private static FailureRecord Failed(FailureRecord before, ParkedMessage message, DateTimeOffset now)
    {
        var signature = message.Reason switch
        {
            ParkReason.Gap => new ErrorSignature("gap", "Came before its predecessor"),
            ParkReason.Held => new ErrorSignature("held", "Queues behind one of its entity that failed"),
            _ => message.Signature ?? ErrorSignature.Of(message.Error),
        };
        var isWaiting = message.Reason is ParkReason.Gap or ParkReason.Held;
        return before with { Group = signature.Group, Title = signature.Title, FirstFailedAt = before.FirstFailedAt ?? (isWaiting ? null : now) };
    }

    public static void Put(List<ParkedEntry> parked, ParkedMessage message, DateTimeOffset now)
    {
        if (parked.Find(entry => entry.Is(message)) is not { } entry)
        {
            parked.Add(new ParkedEntry { Message = message, ParkedAt = now, Failure = Failed(FailureRecord.None, message, now) });
            return;
        }

        (entry.Message, entry.ParkedAt, entry.Retry, entry.Overdue, entry.Failure) = (message, now, false, false, Failed(entry.Failure, message, now));
    }
}
