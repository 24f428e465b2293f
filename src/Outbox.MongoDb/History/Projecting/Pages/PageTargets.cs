using System.Collections.Concurrent;
using MongoDB.Bson;
using Outbox.History.Projecting.Building;
using Outbox.MongoDb.History.Projecting.Builds;

namespace Outbox.MongoDb.History.Projecting.Pages;

/// <summary>The targets of this process's builds.</summary>
internal sealed class PageTargets(OutboxCollections collections, FeedNames names)
{
    private readonly ConcurrentDictionary<string, PageTarget> _targets = new(StringComparer.Ordinal);

    public PageTarget Of(ProjectionBuild build) => _targets.GetOrAdd(build.Id, _ => new PageTarget(
        build.Id,
        build.Registration,
        names.Of(build.Registration.Topic),
        collections.Database.GetCollection<BsonDocument>(RowIndexes.CollectionOf(collections, build.Id)),
        new RowFormat(build.Registration.Model.RowType, build.Registration.Name)));
}
