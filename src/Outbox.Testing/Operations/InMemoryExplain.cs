using Microsoft.Extensions.Options;
using Outbox.Delivery.Leases;
using Outbox.Inbox;
using Outbox.Messages;
using Outbox.Operations.Auditing;
using Outbox.Operations.Explaining;
using Outbox.Operations.Explaining.Facts;
using Outbox.Operations.Pausing;
using Outbox.Testing.Store;

namespace Outbox.Testing.Operations;

/// <summary>Gathers the facts of a message or an entity from memory; endpoints, and what relays find, are not written down here.</summary>
internal sealed class InMemoryExplain(InMemoryStore store, IPauses pauses, IAudit audit, TimeProvider time, IOptions<OutboxOptions> options) : IExplain
{
    private const int Few = Explanation.MostMessages;

    /// <inheritdoc/>
    public async Task<Explanation> ExplainAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        var facts = await BeginAsync($"message {id}", new AuditFilter { MessageId = id }, cancellationToken).ConfigureAwait(false);
        facts = store.Run(tables => OfMessage(tables, facts with { MessageId = id }, id));
        return facts.IsEmpty && await ExplainAsync(new Entity("", id), cancellationToken).ConfigureAwait(false) is { IsFound: true } entity ? entity : Explainer.Explain(facts);
    }

    /// <inheritdoc/>
    public async Task<Explanation> ExplainAsync(Entity entity, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(entity.Id);
        var acts = new AuditFilter { EntityId = entity.Id, EntityType = entity.Type.Length == 0 ? null : entity.Type };
        var facts = await BeginAsync(entity.Type.Length == 0 ? $"entity {entity.Id}" : $"entity {entity}", acts, cancellationToken).ConfigureAwait(false);
        return Explainer.Explain(store.Run(tables => OfEntity(tables, facts, entity)));
    }

    private async Task<ExplainFacts> BeginAsync(string subject, AuditFilter acts, CancellationToken cancellationToken) => new(subject, time.GetUtcNow())
    {
        Pauses = await pauses.ListPausesAsync(cancellationToken).ConfigureAwait(false),
        Acts = (await audit.AuditAsync(acts, null, 5, cancellationToken).ConfigureAwait(false)).Items,
    };

    private ExplainFacts OfMessage(Tables tables, ExplainFacts facts, string id)
    {
        var own = tables.Outbox.GetValueOrDefault(id) ?? tables.Parked.GetValueOrDefault(id)?.Message ?? tables.Sent.GetValueOrDefault(id);
        var waiting = tables.InboxParked.Where(parked => parked.Message.MessageId == id).Select(InboxParked).ToList();
        var all = own is null ? facts : OfEntity(tables, facts, own.Entity);
        var isPending = tables.Outbox.ContainsKey(id);
        return all with
        {
            Pending = isPending ? all.Pending : [],
            Parked = [.. all.Parked.Where(parked => parked.MessageId == id || (isPending && parked.HoldsEntity))],
            Sent = [.. tables.Sent.Values.Where(sent => sent.MessageId == id).Select(Of)],
            InboxParked = waiting,
            Processed = Processed(tables, id),
            Sequences = waiting.FirstOrDefault() is { Outcome: "gap" } early ? Sequences(tables, early.Entity) : [],
            Counted = [],
        };
    }

    private ExplainFacts OfEntity(Tables tables, ExplainFacts facts, Entity entity)
    {
        var lane = Lane.Of(entity.Id, options.Value.Lanes);
        var sent = tables.Sent.Values.Where(message => Is(message.Entity, entity)).OrderByDescending(message => message.Version).Take(1).Select(Of).ToList();
        return facts with
        {
            Pending = [.. tables.Outbox.Values.Where(message => Is(message.Entity, entity)).OrderBy(message => message.NotBefore is not null).ThenBy(message => message.EntityType, StringComparer.Ordinal)
                .ThenBy(message => message.Version).ThenBy(message => message.Ordinal).Take(Few).Select(Of)],
            Before = tables.Outbox.Values.Count(message => message.NotBefore is null && Lane.Of(message.EntityId, options.Value.Lanes) == lane && string.CompareOrdinal(message.EntityId, entity.Id) < 0),
            Parked = [.. tables.Parked.Values.Where(parked => Is(parked.Message.Entity, entity)).OrderBy(parked => parked.Message.Version).Take(Few).Select(parked => Of(parked.Message) with
            {
                At = parked.ParkedAt, Error = parked.Error, Attempts = parked.Attempts, HoldsEntity = parked.HoldsEntity,
            })],
            Sent = sent,
            InboxParked = [.. tables.InboxParked.Where(parked => Is(parked.Sequence, entity)).Take(Few).Select(InboxParked)],
            Processed = sent.Count == 0 ? [] : Processed(tables, sent[0].MessageId),
            Sequences = Sequences(tables, entity),
            Counted = [.. tables.EntityVersions.Where(counter => counter.Key.Entity == entity).Select(counter => (counter.Key.Topic, counter.Value))],
            Lane = LaneOf(tables, lane),
        };
    }

    private static LaneFacts? LaneOf(Tables tables, int lane) => !tables.Leases.TryGetValue(lane, out var lease) ? new LaneFacts(lane, null, default, null)
        : new LaneFacts(lane, lease.Owner, lease.ExpiresAt, tables.Relays.TryGetValue(lease.Owner, out var seen) ? seen : null)
        {
            Relays = tables.Relays.Count,
            AnySeenAt = tables.Relays.Count == 0 ? null : tables.Relays.Values.Max(),
        };

    private static List<TracedSequence> Sequences(Tables tables, Entity entity) => [.. tables.Sequences.Where(known => Is(known.Key, entity)).Select(known =>
    {
        var first = tables.Waiting(known.Key).MinBy(parked => parked.Message.Version);
        return new TracedSequence(known.Key, known.Value.Version, known.Value.Waits) { FirstWaiting = first?.Message.Version, WaitsSince = first?.ParkedAt, Deadline = first?.Message.Deadline };
    })];

    private static List<TracedMessage> Processed(Tables tables, string messageId) => [.. tables.Inbox.Where(record => record.Key.MessageId == messageId)
        .Select(record => new TracedMessage(messageId, default, "", "", null, record.Value.At) { Endpoint = record.Key.Endpoint, Outcome = "processed" })];

    private static bool Is(Entity one, Entity other) => one.Id == other.Id && (other.Type.Length == 0 || one.Type == other.Type);

    private static bool Is(Sequence sequence, Entity entity) => sequence.EntityId == entity.Id && (entity.Type.Length == 0 || sequence.EntityType.Length == 0 || sequence.EntityType == entity.Type);

    private static TracedMessage Of(OutboxMessage message) => new(message.MessageId, message.Entity, message.Type, message.Topic, message.Version, message.Timestamp)
    {
        Lane = Lane.Base(message.Lane),
        NotBefore = message.NotBefore,
    };

    private static TracedMessage InboxParked(ParkedEntry parked) => new(
        parked.Message.MessageId ?? "", new Entity(parked.Message.EntityType ?? "", parked.Message.EntityId ?? ""), parked.Message.Type ?? "", parked.Message.Topic, parked.Message.Version, parked.ParkedAt)
    {
        Endpoint = parked.Message.Endpoint,
        Outcome = parked.Message.Reason switch { ParkReason.Failed => "failed", ParkReason.Gap => "gap", ParkReason.Held => "held", _ => "unreadable" },
        Error = parked.Message.Error,
        Attempts = parked.Message.Attempts,
        HoldsEntity = parked.Message.Hold,
        RetryRequested = parked.Retry,
        NotBefore = parked.Message.RetryAt,
        Deadline = parked.Message.Deadline,
        ParkedId = parked.Id,
    };
}
