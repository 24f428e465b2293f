using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox.Operations;
using Outbox.MongoDb.Operations.Failures;
using Outbox.Operations;
using Outbox.Operations.Failures;
using Outbox.Payloads.Applying;

namespace Outbox.MongoDb.Inbox.Operations;

/// <summary>What a person sees of messages that could not be processed, or that wait.</summary>
internal sealed class InboxFailures(OutboxCollections collections, IInstallation installation, ParkedOpening opening)
{
    private readonly FailureList _parked = new(collections.InboxParked, "parkedAt", 1);
    private readonly FailureList _discarded = new(collections.InboxDiscarded, DiscardFields.At, -1);

    public async Task<Page<ParkedSummary>> SearchAsync(ParkedInboxFilter filter, string? cursor, int size, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var chosen = ParkedSelection.Of(filter);
        return await _parked.ReadAsync(chosen, FailureIndexes.For(chosen), (cursor, size), ParkedView.Summary, cancellationToken).ConfigureAwait(false);
    }

    public async Task<Page<ParkedSummary>> SearchDiscardedAsync(ParkedInboxFilter filter, string? cursor, int size, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        return await _discarded.ReadAsync(ParkedSelection.Of(filter), FailureIndexes.Discarded, (cursor, size), ParkedView.Summary, cancellationToken).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<ParkedInboxMessage>> ListAsync(ParkedInboxFilter filter, int limit, CancellationToken cancellationToken)
    {
        var chosen = ParkedSelection.Of(filter);
        var found = await collections.InboxParked.Find(chosen, new FindOptions { Hint = FailureIndexes.For(chosen) })
            .Sort(FailureIndexes.Listed()).Limit(limit).ToListAsync(cancellationToken).ConfigureAwait(false);
        return found.ConvertAll(ParkedView.Whole);
    }

    public async Task<ParkedInboxMessage?> GetAsync(string id, CancellationToken cancellationToken)
    {
        if (!ObjectId.TryParse(id, out var key))
        {
            return null;
        }

        var byId = new BsonDocument("_id", key);
        var found = await collections.InboxParked.Find(byId).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false)
            ?? await collections.InboxDiscarded.Find(byId).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return found is null ? null : await opening.OpenAsync(ParkedView.Whole(found), cancellationToken).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<FailureGroup>> GroupsAsync(ParkedInboxFilter filter, int limit, CancellationToken cancellationToken)
    {
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        return await FailureGroups.ReadAsync(collections.InboxParked, ParkedSelection.Of(filter), limit, cancellationToken).ConfigureAwait(false);
    }

    public async Task<long> CountAsync(ParkedInboxFilter filter, int limit, CancellationToken cancellationToken)
    {
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var chosen = ParkedSelection.Of(filter);
        return await collections.InboxParked.CountDocumentsAsync(chosen, new CountOptions { Limit = limit, Hint = FailureIndexes.For(chosen) }, cancellationToken).ConfigureAwait(false);
    }
}
