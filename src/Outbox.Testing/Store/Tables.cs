using Outbox.Capture;
using Outbox.Delivery.Operations;
using Outbox.History.Storing;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Messages;
using Outbox.Operations.Auditing;
using Outbox.Operations.Failures;
using Outbox.Operations.Pausing;
using Outbox.Payloads;

namespace Outbox.Testing.Store;

/// <summary>What a database keeps in collections.</summary>
internal sealed class Tables
{
    /// <summary>In the order of insertion, which decides between messages of one version and ordinal.</summary>
    public OrderedDictionary<string, OutboxMessage> Outbox { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ParkedOutboxMessage> Parked { get; } = new(StringComparer.Ordinal);

    /// <summary>What is known of the failures of messages that are tried again.</summary>
    public Dictionary<string, FailureRecord> Failures { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, DiscardedEntry> Discarded { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, BulkEntry> Operations { get; } = new(StringComparer.Ordinal);

    public List<DiscardedInboxEntry> InboxDiscarded { get; } = [];

    public Dictionary<string, OutboxMessage> Sent { get; } = new(StringComparer.Ordinal);

    public Dictionary<(Entity Entity, string Topic), long> EntityVersions { get; } = [];

    public Dictionary<int, Lease> Leases { get; } = [];

    public Dictionary<string, DateTimeOffset> Relays { get; } = new(StringComparer.Ordinal);

    public Dictionary<(string Endpoint, string MessageId), ProcessedEntry> Inbox { get; } = [];

    public Dictionary<Sequence, SequenceState> Sequences { get; } = [];

    public List<ParkedEntry> InboxParked { get; } = [];

    /// <summary>What was done, in the order in which it was.</summary>
    public List<AuditEntry> Audit { get; } = [];

    public Dictionary<PauseTarget, Pause> Pauses { get; } = [];

    /// <summary>Each entity's events in the order of their versions, from 1.</summary>
    public Dictionary<Entity, List<KeptEvent>> History { get; } = [];

    public Dictionary<Entity, StoredSnapshot> Snapshots { get; } = [];

    /// <summary>Large payloads, which are kept apart.</summary>
    public Dictionary<string, StoredPayload> Payloads { get; } = new(StringComparer.Ordinal);

    public Dictionary<(string Projection, int Version, string EntityId), ProjectedRow> Rows { get; } = [];

    /// <summary>The version of an entity's last event.</summary>
    public long HeadOf(Entity entity) => History.GetValueOrDefault(entity)?.Count ?? 0;

    /// <summary>Keeps events, which follow those that are there.</summary>
    public void Keep(IReadOnlyList<OutboxMessage> events)
    {
        foreach (var message in events)
        {
            (History.TryGetValue(message.Entity, out var kept) ? kept : History[message.Entity] = []).Add(new KeptEvent(message, IsErased: false));
        }
    }

    /// <summary>Stores what a transaction captured. A message without a version gets the next one of its entity and topic, so that their order is that of commits.</summary>
    /// <exception cref="OutboxException">A message id is taken; nothing was stored.</exception>
    /// <param name="messages">The messages.</param>
    /// <param name="deposit">Keeps large payloads apart; it may fail.</param>
    public void Capture(IReadOnlyList<OutboxMessage> messages, Func<OutboxMessage, OutboxMessage> deposit)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        if (messages.FirstOrDefault(message => Outbox.ContainsKey(message.MessageId) || !ids.Add(message.MessageId)) is { } taken)
        {
            throw new OutboxException($"The outbox has a message {taken.MessageId} already. Give each message ('{taken.Type}' here) an id of its own.");
        }

        var counted = new Dictionary<(Entity Entity, string Topic), long>();
        foreach (var stored in messages.Select(message => deposit(message.Version == CaptureBuffer.UnassignedVersion ? message with { Version = NextVersion(counted, (message.Entity, message.Topic)) } : message)).ToList())
        {
            Outbox.Add(stored.MessageId, stored);
        }

        foreach (var (key, version) in counted)
        {
            EntityVersions[key] = version;
        }
    }

    public SequenceState SequenceOf(Sequence sequence) => Sequences.GetValueOrDefault(sequence);

    public IEnumerable<ParkedEntry> Waiting(Sequence sequence) => ParkedIn(sequence, ParkReason.Gap);

    public IEnumerable<ParkedEntry> ParkedIn(Sequence sequence, ParkReason reason) => InboxParked.Where(entry =>
        entry.Message.Reason == reason && entry.Sequence == sequence);

    private long NextVersion(Dictionary<(Entity Entity, string Topic), long> counted, (Entity Entity, string Topic) key) =>
        counted[key] = counted.GetValueOrDefault(key, EntityVersions.GetValueOrDefault(key)) + 1;
}
