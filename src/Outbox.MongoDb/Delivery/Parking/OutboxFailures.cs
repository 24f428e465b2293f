using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Operations;
using Outbox.MongoDb.Operations.Failures;
using Outbox.Operations;
using Outbox.Operations.Failures;

namespace Outbox.MongoDb.Delivery.Parking;

/// <summary>What a person sees of messages that could not be published.</summary>
internal sealed class OutboxFailures(OutboxCollections collections, IInstallation installation)
{
    private readonly FailureList _parked = new(collections.Parked, "parkedAt", 1);
    private readonly FailureList _discarded = new(collections.Discarded, DiscardFields.At, -1);

    public async Task<Page<ParkedSummary>> SearchAsync(ParkedFilter filter, string? cursor, int size, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var chosen = ParkedSelection.Of(filter);
        return await _parked.ReadAsync(chosen, FailureIndexes.For(chosen), (cursor, size), ParkedDocument.Summary, cancellationToken).ConfigureAwait(false);
    }

    public async Task<Page<ParkedSummary>> SearchDiscardedAsync(ParkedFilter filter, string? cursor, int size, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        return await _discarded.ReadAsync(ParkedSelection.Of(filter), FailureIndexes.Discarded, (cursor, size), ParkedDocument.Summary, cancellationToken).ConfigureAwait(false);
    }

    public async Task<ParkedOutboxMessage?> GetAsync(string messageId, CancellationToken cancellationToken)
    {
        var id = new BsonDocument("_id", messageId);
        var found = await collections.Parked.Find(id).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false)
            ?? await collections.Discarded.Find(id).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return found is null ? null : ParkedDocument.Read(found);
    }

    public async Task<IReadOnlyList<FailureGroup>> GroupsAsync(ParkedFilter filter, int limit, CancellationToken cancellationToken)
    {
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        return await FailureGroups.ReadAsync(collections.Parked, ParkedSelection.Of(filter), limit, cancellationToken).ConfigureAwait(false);
    }

    public async Task<long> CountAsync(ParkedFilter filter, int limit, CancellationToken cancellationToken)
    {
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var chosen = ParkedSelection.Of(filter);
        return await collections.Parked.CountDocumentsAsync(chosen, new CountOptions { Limit = limit, Hint = FailureIndexes.For(chosen) }, cancellationToken).ConfigureAwait(false);
    }
}
