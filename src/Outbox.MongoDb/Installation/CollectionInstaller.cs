using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.MongoDb.Installation;

/// <summary>Creates collections and their indexes; first of all it looks whether what is there is the framework's.</summary>
internal sealed class CollectionInstaller(OutboxCollections collections, IReadOnlyList<WantedIndex> indexes)
{
    private const int NamespaceExists = 48;

    public async Task InstallAsync(CancellationToken cancellationToken)
    {
        var existing = await (await collections.Database.ListCollectionNamesAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        var present = new Dictionary<string, List<BsonDocument>>();
        foreach (var name in indexes.Select(index => index.Collection).Union(collections.Names.All).Intersect(existing))
        {
            present[name] = await ListAsync(name, cancellationToken).ConfigureAwait(false);
        }

        var ownership = new Ownership(collections);
        foreach (var name in collections.Names.All.Where(present.ContainsKey))
        {
            var isInstalled = indexes.Where(index => index.Collection == name).All(index => present[name].Exists(index.IsServedBy));
            await ownership.CheckAsync(name, isInstalled, cancellationToken).ConfigureAwait(false);
        }

        await CreateAsync(collections.Names.All.Except(existing), cancellationToken).ConfigureAwait(false);
        var installer = new IndexInstaller(collections.Database);
        foreach (var index in indexes)
        {
            await installer.InstallAsync(index, present.GetValueOrDefault(index.Collection, []), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ahead of the first transaction: creating a collection inside one takes locks that make others wait or fail.</summary>
    private async Task CreateAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        foreach (var name in names)
        {
            try
            {
                await collections.Database.CreateCollectionAsync(name, cancellationToken: cancellationToken).ConfigureAwait(false);
            }
            catch (MongoCommandException error) when (error.Code == NamespaceExists)
            {
                // Another process was faster.
            }
        }
    }

    private async Task<List<BsonDocument>> ListAsync(string name, CancellationToken cancellationToken)
    {
        var listed = await collections.Database.GetCollection<BsonDocument>(name).Indexes.ListAsync(cancellationToken).ConfigureAwait(false);
        return await listed.ToListAsync(cancellationToken).ConfigureAwait(false);
    }
}
