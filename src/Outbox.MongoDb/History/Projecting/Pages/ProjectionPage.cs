using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History.Projecting.Building;
using Outbox.History.Projecting.Folding;
using Outbox.Inbox;

namespace Outbox.MongoDb.History.Projecting.Pages;

/// <summary>
/// The one way in which events become rows, whether they are new or from the history: find how far their entities have come, find the rows, fold in memory, write the rows, and how far the entities
/// have come now. All in one transaction, so the same page again finds all of it done.
/// </summary>
internal sealed class ProjectionPage(OutboxCollections collections, PageTarget target, IClientSessionHandle session, ParkedEvents parked)
{
    private static readonly BulkWriteOptions InAnyOrder = new() { IsOrdered = false };

    /// <returns>What became of each event, and the entities that have to be read from the history.</returns>
    public async Task<PageResult> ApplyAsync(IReadOnlyList<ProjectedEvent> events, PageSource source, CancellationToken cancellationToken)
    {
        var entities = EntitiesOf(events);
        await FindSequencesAsync(entities, cancellationToken).ConfigureAwait(false);
        await FindRowsAsync(entities, cancellationToken).ConfigureAwait(false);
        var outcomes = new EventOutcome[events.Count];
        foreach (var entity in entities.Values)
        {
            entity.Fold(new EntityFold<BsonDocument>(target.Registration.Model, target.Format, entity.Id), source, outcomes);
        }

        await WriteAsync(entities.Values, source, cancellationToken).ConfigureAwait(false);
        return new PageResult(
            outcomes,
            target.HasHistory ? [.. entities.Values.Where(entity => entity.IsMarked).Select(entity => entity.Id)] : [],
            entities.Values.Any(entity => entity.Blocking is not null));
    }

    private Dictionary<string, PagedEntity> EntitiesOf(IReadOnlyList<ProjectedEvent> events)
    {
        var entities = new Dictionary<string, PagedEntity>(StringComparer.Ordinal);
        for (var i = 0; i < events.Count; i++)
        {
            var id = events[i].Info.EntityId;
            if (!entities.TryGetValue(id, out var entity))
            {
                entities.Add(id, entity = new PagedEntity(id, target.SequenceOf(id), target.Format.FindId(id)));
            }

            entity.Add(i, events[i]);
        }

        return entities;
    }

    private async Task FindSequencesAsync(Dictionary<string, PagedEntity> entities, CancellationToken cancellationToken)
    {
        var found = await collections.InboxSequences.Find(session, Among(entities.Values.Select(entity => entity.Key["_id"]))).ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var sequence in found)
        {
            entities[sequence["_id"]["entityId"].AsString].Sequence = sequence;
        }
    }

    private async Task FindRowsAsync(Dictionary<string, PagedEntity> entities, CancellationToken cancellationToken)
    {
        var byRow = entities.Values.Where(entity => entity.NeedsRow).ToLookup(entity => entity.RowId!);
        if (byRow.Count == 0)
        {
            return;
        }

        foreach (var row in await target.Rows.Find(session, Among(byRow.Select(entity => entity.Key))).ToListAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var entity in byRow[row["_id"]])
            {
                entity.Row = row;
            }
        }
    }

    private async Task WriteAsync(IReadOnlyCollection<PagedEntity> entities, PageSource source, CancellationToken cancellationToken)
    {
        var rows = entities.Select(entity => entity.WriteRow()).OfType<WriteModel<BsonDocument>>().OrderBy(write => write.ModelType).ToList();
        if (rows.Count > 0)
        {
            await target.Rows.BulkWriteAsync(session, rows, InAnyOrder, cancellationToken).ConfigureAwait(false);
        }

        var steps = entities.Select(entity => entity.Step(source, target.HasHistory)).OfType<WriteModel<BsonDocument>>().ToList();
        if (steps.Count > 0)
        {
            await collections.InboxSequences.BulkWriteAsync(session, steps, InAnyOrder, cancellationToken).ConfigureAwait(false);
        }

        foreach (var entity in target.HasHistory ? entities.Where(entity => entity.Waited || entity.Blocking is not null) : [])
        {
            await ParkAsync(entity, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ParkAsync(PagedEntity entity, CancellationToken cancellationToken)
    {
        if (entity is { HasMoved: true, Waited: true })
        {
            await parked.RemoveAsync(session, target, entity.Id, entity.Folded.Version, cancellationToken).ConfigureAwait(false);
        }

        if (entity.Blocking is not ({ } blocking, var outcome))
        {
            return;
        }

        var (reason, error) = outcome.Kind == OutcomeKind.Failed
            ? (ParkReason.Failed, outcome.Error!.ToString())
            : (ParkReason.Gap, $"The history of entity '{entity.Id}' has version {blocking.Info.Version}, and not version {entity.Folded.Version + 1}.");
        await parked.AddAsync(session, target, blocking, reason, error, cancellationToken).ConfigureAwait(false);
    }

    private static BsonDocument Among(IEnumerable<BsonValue> ids) => new("_id", new BsonDocument("$in", new BsonArray(ids)));
}
