using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History;
using Outbox.History.Loading;
using Outbox.History.Projecting.Building;
using Outbox.Messages;
using Outbox.MongoDb.Inbox.Sequencing;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.History.Projecting.Pages;

/// <summary>Projects what an entity has in the history and not in its row: because an event came early, or one before it was parked, or a rebuild met it while it was being written.</summary>
internal sealed class CatchUp(OutboxCollections collections, ShortTransactions transactions, PageTargets targets, PageParts parts)
{
    private const int SweepLimit = 500;

    /// <summary>Projects an entity's events up to its last, or to one that cannot be.</summary>
    public async Task RunAsync(ProjectionBuild build, string entityId, CancellationToken cancellationToken)
    {
        var target = targets.Of(build);
        bool isMore;
        do
        {
            (var projected, isMore) = await transactions.RunAsync((session, token) => StepAsync(session, target, entityId, token), cancellationToken).ConfigureAwait(false);
            parts.Metrics.Projected(build.Id, projected, fromHistory: true);
        }
        while (isMore);
    }

    /// <summary>Looks after entities that are marked, and events that a person wants to be tried again. Every instance does; what two do at once is done once.</summary>
    public async Task SweepAsync(ProjectionBuild build, CancellationToken cancellationToken)
    {
        var target = targets.Of(build);
        var asked = new BsonDocument { { "endpoint", target.Build }, { "topic", target.Topic }, { "retry", true }, { "partition", ParkedEvents.FromHistory } };
        foreach (var again in await collections.InboxParked.Find(asked).Limit(SweepLimit).ToListAsync(cancellationToken).ConfigureAwait(false))
        {
            await RunAsync(build, again["entityId"].AsString, cancellationToken).ConfigureAwait(false);
            await collections.InboxParked.UpdateOneAsync(
                new BsonDocument { { "_id", again["_id"] }, { "retry", true } }, new BsonDocument("$unset", new BsonDocument("retry", "")), cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        foreach (var marked in await collections.InboxSequences.Find(MarkedOf(target)).Limit(SweepLimit).ToListAsync(cancellationToken).ConfigureAwait(false))
        {
            await RunAsync(build, SequenceDocument.Read(marked).EntityId, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether no entity is marked.</summary>
    public async Task<bool> IsDoneAsync(ProjectionBuild build, CancellationToken cancellationToken) =>
        !await collections.InboxSequences.Find(MarkedOf(targets.Of(build))).Limit(1).AnyAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>An event that is kept, to be projected.</summary>
    public static ProjectedEvent EventOf(EventReader reader, PageTarget target, OutboxMessage kept)
    {
        var info = PageTarget.InfoOf(kept);
        if (!target.Folds(kept))
        {
            return new ProjectedEvent(info, null) { Kept = kept };
        }

        try
        {
            return new ProjectedEvent(info, reader.Read(kept)) { Kept = kept };
        }
        catch (OutboxException error)
        {
            return new ProjectedEvent(info, null) { Kept = kept, Unreadable = error };
        }
    }

    private static BsonDocument MarkedOf(PageTarget target) => new() { { "_id.endpoint", target.Build }, { "_id.topic", target.Topic }, { "ready", true } };

    private async Task<(int Projected, bool IsMore)> StepAsync(IClientSessionHandle session, PageTarget target, string entityId, CancellationToken cancellationToken)
    {
        var sequence = await collections.InboxSequences.Find(session, target.SequenceOf(entityId)).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        var (events, toEnd) = await NextAsync(session, target, entityId, SequenceDocument.Version(sequence) + 1, cancellationToken).ConfigureAwait(false);
        if (events.Count == 0)
        {
            await collections.InboxSequences.UpdateOneAsync(
                session, target.SequenceOf(entityId), new BsonDocument("$set", new BsonDocument { { "waits", false }, { "ready", false } }), cancellationToken: cancellationToken).ConfigureAwait(false);
            return (0, false);
        }

        var page = new ProjectionPage(collections, target, session, parts.Parked);
        var result = await page.ApplyAsync(events, toEnd ? PageSource.CatchUpToEnd : PageSource.CatchUp, cancellationToken).ConfigureAwait(false);
        return (result.Projected, !toEnd && !result.IsBlocked);
    }

    private async Task<(List<ProjectedEvent> Events, bool ToEnd)> NextAsync(IClientSessionHandle session, PageTarget target, string entityId, long from, CancellationToken cancellationToken)
    {
        var (events, payload) = (new List<ProjectedEvent>(), 0L);
        await foreach (var kept in new MongoHistoryReader(collections, session).ReadAsync(target.EntityOf(entityId), from, long.MaxValue, cancellationToken).ConfigureAwait(false))
        {
            events.Add(EventOf(parts.Reader, target, kept.Message));
            payload += kept.Message.Payload?.Length ?? 0;
            if (events.Count == PageSize.Most || payload > PageSize.PayloadLimit)
            {
                return (events, false);
            }
        }

        return (events, true);
    }
}
