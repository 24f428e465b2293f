using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Messages;
using Outbox.Operations.Auditing;
using Outbox.Operations.Explaining;
using Outbox.Operations.Explaining.Facts;
using Outbox.Operations.Pausing;

namespace Outbox.MongoDb.Operations.Explaining;

/// <summary>Gathers the facts of a message or an entity from the database alone; what they mean is said elsewhere.</summary>
internal sealed class MongoExplain(OutboxTraces outbox, InboxTraces inbox, RelayFacts relays, EndpointReports endpoints, OperationFacts operations) : IExplain
{
    /// <inheritdoc/>
    public async Task<Explanation> ExplainAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        var facts = await operations.BeginAsync($"message {id}", cancellationToken).ConfigureAwait(false) with { MessageId = id };
        var (pending, parked, sent) = await outbox.MessageAsync(id, cancellationToken).ConfigureAwait(false);
        facts = facts with
        {
            Pending = Some(pending),
            Parked = Some(parked),
            Sent = Some(sent),
            InboxParked = await inbox.ParkedAsync(id, cancellationToken).ConfigureAwait(false),
            Processed = await inbox.ProcessedAsync(id, cancellationToken).ConfigureAwait(false),
            Acts = await operations.ActsAsync(new AuditFilter { MessageId = id }, cancellationToken).ConfigureAwait(false),
        };
        if (facts.IsEmpty && await ExplainAsync(new Entity("", id), cancellationToken).ConfigureAwait(false) is { IsFound: true } entity)
        {
            return entity;
        }

        var own = pending ?? parked ?? sent ?? facts.InboxParked.FirstOrDefault();
        if (pending is not null)
        {
            facts = await AddLaneAsync(facts, pending, cancellationToken).ConfigureAwait(false);
        }

        if (own is not null && facts.InboxParked.Any(waiting => waiting.Outcome == "gap"))
        {
            facts = facts with { Sequences = await inbox.SequencesAsync(own.Entity, cancellationToken).ConfigureAwait(false) };
        }

        var isDone = facts.Processed.Count > 0 || pending is not null || parked is not null;
        return Explainer.Explain(facts with { Endpoints = isDone ? [] : await AboutAsync(facts, cancellationToken).ConfigureAwait(false) });
    }

    /// <inheritdoc/>
    public async Task<Explanation> ExplainAsync(Entity entity, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(entity.Id);
        var facts = await operations.BeginAsync(entity.Type.Length == 0 ? $"entity {entity.Id}" : $"entity {entity}", cancellationToken).ConfigureAwait(false);
        facts = facts with
        {
            Pending = await outbox.PendingAsync(entity, cancellationToken).ConfigureAwait(false),
            Parked = await outbox.ParkedAsync(entity, cancellationToken).ConfigureAwait(false),
            Sent = await outbox.SentAsync(entity, cancellationToken).ConfigureAwait(false),

            // A sequence that waits first, so that the message that waits is found as well.
            Sequences = await inbox.SequencesAsync(entity, cancellationToken).ConfigureAwait(false),
            InboxParked = await inbox.ParkedAsync(entity, cancellationToken).ConfigureAwait(false),
            Acts = await operations.ActsAsync(
                new AuditFilter { EntityId = entity.Id, EntityType = entity.Type.Length == 0 ? null : entity.Type }, cancellationToken).ConfigureAwait(false),
        };
        var named = entity.Type.Length > 0 ? entity : facts.Pending.Concat(facts.Parked).Concat(facts.Sent).FirstOrDefault()?.Entity ?? entity;
        facts = facts with { Counted = await outbox.CountedAsync(named, cancellationToken).ConfigureAwait(false) };
        if (facts.Pending.FirstOrDefault() is { } pending)
        {
            facts = await AddLaneAsync(facts, pending, cancellationToken).ConfigureAwait(false);
        }

        if (facts.Sent.FirstOrDefault() is { } sent)
        {
            facts = facts with { Processed = await inbox.ProcessedAsync(sent.MessageId, cancellationToken).ConfigureAwait(false) };
        }

        return Explainer.Explain(facts with { Endpoints = await AboutAsync(facts, cancellationToken).ConfigureAwait(false) });
    }

    private static IReadOnlyList<TracedMessage> Some(TracedMessage? message) => message is null ? [] : [message];

    private async Task<ExplainFacts> AddLaneAsync(ExplainFacts facts, TracedMessage pending, CancellationToken cancellationToken)
    {
        if (pending.Lane is not { } lane)
        {
            return facts;
        }

        if (facts.MessageId is not null && pending.NotBefore is null)
        {
            // Those before it in its entity's order, and what holds them.
            facts = facts with
            {
                Pending = await outbox.BeforeAsync(pending, lane, cancellationToken).ConfigureAwait(false) is { } before && before.Any(message => message.MessageId == pending.MessageId) ? before : [.. facts.Pending],
                Parked = [.. (await outbox.ParkedAsync(pending.Entity, cancellationToken).ConfigureAwait(false)).Where(parked => parked.HoldsEntity)],
            };
        }

        return facts with
        {
            Lane = await relays.ReadAsync(lane, cancellationToken).ConfigureAwait(false),
            Before = await outbox.CountBeforeAsync(pending.Entity, lane, cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>The endpoints that have to do with it; where nothing is known of it, all: it may be on its way to any of them.</summary>
    private async Task<IReadOnlyList<EndpointFacts>> AboutAsync(ExplainFacts facts, CancellationToken cancellationToken)
    {
        var all = await endpoints.ReadAsync(cancellationToken).ConfigureAwait(false);
        var groups = facts.InboxParked.Concat(facts.Processed).Select(message => message.Endpoint).Concat(facts.Sequences.Select(sequence => sequence.Sequence.Endpoint)).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var topics = facts.Sent.Concat(facts.Pending).Concat(facts.Parked).Select(message => message.Topic).Distinct().ToList();
        return facts.IsEmpty ? all : [.. all.Where(endpoint => groups.Contains(endpoint.Endpoint) || topics.Exists(topic => EndpointReports.Consumes(endpoint, topic)))];
    }
}
