using Outbox.Capture;
using Outbox.Delivery.Operations;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Messages;

namespace Outbox.Testing.Store;

/// <summary>What a database keeps in collections.</summary>
internal sealed class Tables
{
    /// <summary>In the order of insertion, which decides between messages of one version and ordinal.</summary>
    public OrderedDictionary<string, OutboxMessage> Outbox { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ParkedOutboxMessage> Parked { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, OutboxMessage> Sent { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, long> EntityVersions { get; } = new(StringComparer.Ordinal);

    public Dictionary<int, Lease> Leases { get; } = [];

    public Dictionary<string, DateTimeOffset> Relays { get; } = new(StringComparer.Ordinal);

    public Dictionary<(string Endpoint, string MessageId), ProcessedEntry> Inbox { get; } = [];

    public Dictionary<Sequence, SequenceState> Sequences { get; } = [];

    public List<ParkedEntry> InboxParked { get; } = [];

    /// <summary>Stores what a transaction captured. A message without a version gets the next one of its entity, so that their order is that of commits.</summary>
    /// <exception cref="OutboxException">A message id is taken, or of one entity and topic some bring a version and some do not; nothing was stored.</exception>
    public void Capture(IReadOnlyList<OutboxMessage> messages)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        if (messages.FirstOrDefault(message => Outbox.ContainsKey(message.MessageId) || !ids.Add(message.MessageId)) is { } taken)
        {
            throw new OutboxException($"The outbox has a message {taken.MessageId} already. Give each message ('{taken.Type}' here) an id of its own.");
        }

        CheckVersions(messages);
        foreach (var message in messages)
        {
            Outbox.Add(message.MessageId, message.Version == CaptureBuffer.UnassignedVersion ? message with { Version = NextVersion(message.EntityId) } : message);
        }
    }

    public SequenceState SequenceOf(Sequence sequence) => Sequences.GetValueOrDefault(sequence);

    public IEnumerable<ParkedEntry> Waiting(Sequence sequence) => ParkedIn(sequence, ParkReason.Gap);

    public IEnumerable<ParkedEntry> ParkedIn(Sequence sequence, ParkReason reason) => InboxParked.Where(entry =>
        entry.Message.Reason == reason && entry.Sequence == sequence);

    private static void CheckVersions(IReadOnlyList<OutboxMessage> messages)
    {
        foreach (var entity in messages.GroupBy(message => (message.EntityId, message.Topic)))
        {
            var supplied = entity.FirstOrDefault(message => message.Version != CaptureBuffer.UnassignedVersion);
            if (supplied is not null && entity.FirstOrDefault(message => message.Version == CaptureBuffer.UnassignedVersion) is { } counted)
            {
                throw new OutboxException(
                    $"Entity '{supplied.EntityId}' publishes to topic '{supplied.Topic}' a '{supplied.Type}' with version {supplied.Version} and a '{counted.Type}' without one, "
                    + "in one transaction. Give all of them the entity's version, or none.");
            }
        }
    }

    private long NextVersion(string entityId) => EntityVersions[entityId] = EntityVersions.GetValueOrDefault(entityId) + 1;
}
