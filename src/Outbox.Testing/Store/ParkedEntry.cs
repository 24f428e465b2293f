using Outbox.Inbox;
using Outbox.Inbox.Sequencing;

namespace Outbox.Testing.Store;

/// <summary>A consumed message that is parked.</summary>
internal sealed class ParkedEntry
{
    public string Id { get; } = Guid.NewGuid().ToString("N");

    public required ParkedMessage Message { get; set; }

    public required DateTimeOffset ParkedAt { get; set; }

    public bool Retry { get; set; }

    public bool Overdue { get; set; }

    public Sequence Sequence => new(Message.Endpoint, Message.Topic, Message.EntityId ?? "") { EntityType = Message.EntityType ?? "" };

    /// <summary>The value belongs to the identity: a topic that was created anew has other messages at the same offsets.</summary>
    public bool Is(ParkedMessage other) =>
        (Message.Endpoint, Message.Topic, Message.Partition, Message.Offset) == (other.Endpoint, other.Topic, other.Partition, other.Offset)
        && Message.Value is null == other.Value is null
        && Message.Value.AsSpan().SequenceEqual(other.Value);

    public static void Put(List<ParkedEntry> parked, ParkedMessage message, DateTimeOffset now)
    {
        if (parked.Find(entry => entry.Is(message)) is not { } entry)
        {
            parked.Add(new ParkedEntry { Message = message, ParkedAt = now });
            return;
        }

        (entry.Message, entry.ParkedAt, entry.Retry, entry.Overdue) = (message, now, false, false);
    }
}
