using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History.Projecting;
using Outbox.History.Projecting.Building;
using Outbox.History.Projecting.Registration;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.History.Projecting.Builds;

/// <summary>Which builds there are, and what they are doing.</summary>
internal sealed class MongoProjectionBuilds(OutboxCollections collections, ProjectionRegistry registry, FeedNames names) : IProjectionBuilds
{
    private static readonly BsonDocument NotRetired = new("state", new BsonDocument("$ne", BuildDocument.StateName(ProjectionState.Retired)));

    private IMongoCollection<BsonDocument> Documents => collections.Projections;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ProjectionBuild>> ListAsync(CancellationToken cancellationToken)
    {
        if (registry.All.Count == 0)
        {
            return [];
        }

        var documents = await Documents.Find(FilterDefinition<BsonDocument>.Empty).ToListAsync(cancellationToken).ConfigureAwait(false);
        var active = ActiveOf(documents);
        return
        [
            .. from document in documents
               where document.Contains("projection")
               let registration = registry.Find(document["projection"].AsString, document["version"].ToInt32())
               where registration is not null && BuildDocument.StateOf(document) != ProjectionState.Retired
               select BuildDocument.Read(document, registration, active.GetValueOrDefault(registration.Name)),
        ];
    }

    /// <summary>The builds of an inline projection that a transaction writes to: all that its snapshot has.</summary>
    public async Task<IReadOnlyList<ProjectionBuild>> ListAsync(IClientSessionHandle session, ProjectionRegistration registration, CancellationToken cancellationToken)
    {
        var mine = new BsonDocument { { "projection", registration.Name }, { "version", registration.Version } };
        var found = await Documents.Find(session, mine.Merge(NotRetired)).ToListAsync(cancellationToken).ConfigureAwait(false);
        return found.ConvertAll(document => BuildDocument.Read(document, registration, null));
    }

    /// <summary>All builds that have not ended, of this service's projections or not, with their documents.</summary>
    public async Task<IReadOnlyList<(ProjectionStatus Status, string Topic, bool Follows)>> StatusAsync(CancellationToken cancellationToken)
    {
        var documents = await Documents.Find(FilterDefinition<BsonDocument>.Empty).Sort(new BsonDocument("_id", 1)).ToListAsync(cancellationToken).ConfigureAwait(false);
        var active = ActiveOf(documents);
        return
        [
            .. from document in documents
               where document.Contains("projection") && BuildDocument.StateOf(document) != ProjectionState.Retired
               let status = BuildDocument.Status(document, active.GetValueOrDefault(document["projection"].AsString))
               select (status, document["topic"].AsString, !document["inline"].AsBoolean && status.IsScanned),
        ];
    }

    /// <summary>The build that readers use.</summary>
    public async Task<string?> ActiveAsync(string name, CancellationToken cancellationToken)
    {
        var document = await Documents.Find(BuildDocument.ById(name)).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return document?["active"].AsString;
    }

    /// <summary>Sees to it that a version has a build.</summary>
    public async Task EnsureAsync(ProjectionRegistration registration, CancellationToken cancellationToken)
    {
        var runs = await RunsAsync(registration, cancellationToken).ConfigureAwait(false);
        var going = runs.FindAll(document => BuildDocument.StateOf(document) != ProjectionState.Retired);
        foreach (var document in going)
        {
            await RowIndexes.CreateAsync(collections, registration, document["_id"].AsString, cancellationToken).ConfigureAwait(false);
        }

        if (going.Count == 0)
        {
            await AddAsync(registration, runs.Count, "The service was started with it.", cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Begins another build of a version.</summary>
    /// <exception cref="OutboxException">One is being built.</exception>
    public async Task<string> AddAsync(ProjectionRegistration registration, string reason, CancellationToken cancellationToken)
    {
        var runs = await RunsAsync(registration, cancellationToken).ConfigureAwait(false);
        return runs.Find(document => BuildDocument.StateOf(document) == ProjectionState.Building) is { } building
            ? throw new OutboxException($"{building["_id"]} is being built already. Wait until it has caught up, or end it with {nameof(IProjections.RetireAsync)}.")
            : await AddAsync(registration, runs.Count, reason, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A build has caught up.</summary>
    public Task CaughtUpAsync(string build, CancellationToken cancellationToken) =>
        SetAsync(BuildDocument.ById(build).Add("state", "building"), new BsonDocument { { "state", "caughtUp" }, { "caughtUpAt", Now } }, cancellationToken);

    /// <summary>Has readers use a build. Neither this one nor the one before is given to them by itself any more.</summary>
    /// <param name="name">The read model.</param>
    /// <param name="build">The build.</param>
    /// <param name="from">What readers use until now; another than this, and nothing changes.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<bool> SwitchAsync(string name, string build, string? from, CancellationToken cancellationToken)
    {
        var used = new BsonDocument("$setUnion", new BsonArray
        {
            new BsonDocument("$ifNull", new BsonArray { "$used", new BsonArray() }), new BsonDocument("$literal", from is null ? new BsonArray { build } : new BsonArray { build, from }),
        });
        try
        {
            var switched = await Documents.UpdateOneAsync(
                BuildDocument.ById(name).Add("active", (BsonValue?)from ?? BsonNull.Value),
                Builders<BsonDocument>.Update.Pipeline(BuildDocument.Set(new BsonDocument { { "active", new BsonDocument("$literal", build) }, { "used", used } })),
                new UpdateOptions { IsUpsert = from is null },
                cancellationToken).ConfigureAwait(false);
            return switched.ModifiedCount > 0 || switched.UpsertedId is not null;
        }
        catch (MongoWriteException error) when (error.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            // Another instance was first.
            return false;
        }
    }

    /// <summary>Whether readers have used a build before.</summary>
    public Task<bool> WasUsedAsync(string name, string build, CancellationToken cancellationToken) =>
        Documents.Find(BuildDocument.ById(name).Add("used", build)).AnyAsync(cancellationToken);

    /// <summary>Ends a build.</summary>
    public Task RetireAsync(string build, CancellationToken cancellationToken) =>
        SetAsync(BuildDocument.ById(build), new BsonDocument { { "state", "retired" }, { "retiredAt", Now } }, cancellationToken);

    private static Dictionary<string, BsonValue> ActiveOf(IEnumerable<BsonDocument> documents) =>
        documents.Where(document => document.Contains("active")).ToDictionary(document => document["_id"].AsString, document => document["active"], StringComparer.Ordinal);

    private Task<List<BsonDocument>> RunsAsync(ProjectionRegistration registration, CancellationToken cancellationToken) =>
        Documents.Find(new BsonDocument { { "projection", registration.Name }, { "version", registration.Version } }).ToListAsync(cancellationToken);

    private async Task<string> AddAsync(ProjectionRegistration registration, int run, string reason, CancellationToken cancellationToken)
    {
        var document = BuildDocument.Of(registration, run, names.Of(registration.Topic), reason);
        var id = document["_id"].AsString;

        // The collection first: whoever finds the document writes to it.
        await RowIndexes.CreateAsync(collections, registration, id, cancellationToken).ConfigureAwait(false);
        await Documents.UpdateOneAsync(
            BuildDocument.ById(id),
            Builders<BsonDocument>.Update.Pipeline(new BsonDocument[]
            {
                new("$replaceWith", new BsonDocument("$cond", new BsonArray
                {
                    new BsonDocument("$eq", new BsonArray { new BsonDocument("$type", "$state"), "missing" }),
                    new BsonDocument("$mergeObjects", new BsonArray { new BsonDocument("$literal", document), new BsonDocument { { "createdAt", Now }, { "updatedAt", Now } } }),
                    "$$ROOT",
                })),
            }),
            new UpdateOptions { IsUpsert = true },
            cancellationToken).ConfigureAwait(false);
        return id;
    }

    private Task SetAsync(BsonDocument filter, BsonDocument fields, CancellationToken cancellationToken) =>
        Documents.UpdateOneAsync(filter, Builders<BsonDocument>.Update.Pipeline(BuildDocument.Set(fields)), cancellationToken: cancellationToken);
}
