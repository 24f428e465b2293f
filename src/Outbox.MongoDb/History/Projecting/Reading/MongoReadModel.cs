using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History.Projecting;
using Outbox.History.Projecting.Registration;
using Outbox.Inbox;
using Outbox.MongoDb.History.Projecting.Builds;
using Outbox.MongoDb.History.Projecting.Pages;
using Outbox.MongoDb.Inbox.Sequencing;

namespace Outbox.MongoDb.History.Projecting.Reading;

/// <summary>The rows of the build in use.</summary>
internal sealed class MongoReadModel<TRow>(OutboxCollections collections, ProjectionRegistry registry, ActiveBuilds active, FeedNames names, TimeProvider time) : IReadModel<TRow>
    where TRow : class
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private readonly ProjectionRegistration _registration = registry.OfRows(typeof(TRow));
    private readonly RowFormat _format = new(typeof(TRow), registry.OfRows(typeof(TRow)).Name);

    public async ValueTask<IMongoCollection<TRow>> CollectionAsync(CancellationToken cancellationToken)
    {
        var build = await active.GetAsync(_registration.Name, cancellationToken).ConfigureAwait(false);
        return collections.Database.GetCollection<TRow>(RowIndexes.CollectionOf(collections, build));
    }

    /// <inheritdoc/>
    public async Task<TRow?> FindAsync(string entityId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(entityId);
        var rows = await CollectionAsync(cancellationToken).ConfigureAwait(false);
        return _format.FindId(entityId) is { } id
            ? await rows.Find(new BsonDocument("_id", id)).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <inheritdoc/>
    public async Task WaitForAsync(string entityId, long version, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(entityId);
        var wait = ShortestWait;
        while (await VersionAsync(entityId, cancellationToken).ConfigureAwait(false) < version)
        {
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }
    }

    private async Task<long> VersionAsync(string entityId, CancellationToken cancellationToken)
    {
        if (await active.FindAsync(_registration.Name, cancellationToken).ConfigureAwait(false) is not { } build)
        {
            return -1;
        }

        var sequence = new Sequence(build, names.Of(_registration.Topic), entityId) { EntityType = _registration.EntityType };
        return SequenceDocument.Version(await collections.InboxSequences.Find(SequenceDocument.Id(sequence)).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false));
    }
}
