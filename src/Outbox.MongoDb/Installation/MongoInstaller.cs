using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Servers;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.Installation;

/// <summary>Creates the collections, indexes and lanes, once and off the hot path. Safe to run again and from several processes at once.</summary>
internal sealed class MongoInstaller
{
    private const int NamespaceExists = 48;

    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;

    private readonly OutboxCollections _collections;
    private readonly ShortTransactions _transactions;
    private readonly OutboxOptions _options;
    private readonly MongoDbOptions _mongo;

    public MongoInstaller(OutboxCollections collections, ShortTransactions transactions, IOptions<OutboxOptions> options, IOptions<MongoDbOptions> mongo)
    {
        _collections = collections;
        _transactions = transactions;
        _options = options.Value;
        _mongo = mongo.Value;
    }

    /// <summary>Checks the server and creates what is missing.</summary>
    /// <exception cref="OutboxConfigurationException">The server has no transactions, or the outbox was created with another number of lanes.</exception>
    public async Task InstallAsync(CancellationToken cancellationToken = default)
    {
        await RequireTransactionsAsync(cancellationToken).ConfigureAwait(false);
        await CreateCollectionsAsync(cancellationToken).ConfigureAwait(false);
        await new IndexInstaller(_collections, _options, _mongo).InstallAsync(cancellationToken).ConfigureAwait(false);
        await CreateLanesAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task RequireTransactionsAsync(CancellationToken cancellationToken)
    {
        await _collections.Database.RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1), cancellationToken: cancellationToken).ConfigureAwait(false);
        if (_collections.Database.Client.Cluster.Description.Servers.Any(server => server.Type == ServerType.Standalone))
        {
            throw new OutboxConfigurationException(
                "The MongoDB server is a standalone, which has no transactions. Start it with --replSet rs0, run rs.initiate() once in mongosh, "
                + "and add ?replicaSet=rs0 to Outbox:MongoDb:Connection: a replica set of one node is enough.");
        }
    }

    /// <summary>Ahead of the first transaction: creating a collection inside one takes locks that make others wait or fail.</summary>
    private async Task CreateCollectionsAsync(CancellationToken cancellationToken)
    {
        string[] names =
        [
            OutboxCollections.OutboxName, OutboxCollections.LeasesName, OutboxCollections.RelaysName, OutboxCollections.InstancesName, OutboxCollections.ParkedName,
            OutboxCollections.SentName, OutboxCollections.InboxName, OutboxCollections.InboxParkedName,
            OutboxCollections.InboxSequencesName, OutboxCollections.EntityVersionsName,
        ];
        var existing = await (await _collections.Database.ListCollectionNamesAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var name in names.Except(existing))
        {
            try
            {
                await _collections.Database.CreateCollectionAsync(name, cancellationToken: cancellationToken).ConfigureAwait(false);
            }
            catch (MongoCommandException error) when (error.Code == NamespaceExists)
            {
                // Another process was faster.
            }
        }
    }

    private async Task CreateLanesAsync(CancellationToken cancellationToken)
    {
        var present = await _collections.Leases.CountDocumentsAsync(All, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (present == 0)
        {
            present = await InsertLanesAsync(cancellationToken).ConfigureAwait(false);
        }

        if (present != _options.Lanes)
        {
            throw new OutboxConfigurationException(
                $"The outbox in database '{_collections.Database.DatabaseNamespace.DatabaseName}' was created with {present} lanes, but Outbox:Lanes is "
                + $"{_options.Lanes}. Set Outbox:Lanes to {present}; or, to change it, stop every instance once the outbox is empty and nothing is parked, run "
                + $"db.getCollection('{OutboxCollections.LeasesName}').drop() in mongosh, and start them with the new number.");
        }
    }

    /// <summary>All or none: another process must never count half of them.</summary>
    /// <returns>How many lanes there are: another process that was faster may have wanted another number.</returns>
    private async Task<long> InsertLanesAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await _transactions.RunAsync(InsertLanesAsync, cancellationToken).ConfigureAwait(false);
            }
            catch (MongoBulkWriteException error) when (error.WriteErrors.Any(write => write.Category == ServerErrorCategory.DuplicateKey))
            {
                // Another process was faster, and the lanes it committed can be counted now.
            }
        }
    }

    private async Task<long> InsertLanesAsync(IClientSessionHandle session, CancellationToken cancellationToken)
    {
        var present = await _collections.Leases.CountDocumentsAsync(session, All, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (present > 0)
        {
            return present;
        }

        var lanes = Enumerable.Range(0, _options.Lanes).Select(lane => new BsonDocument
        {
            { "_id", lane }, { "owner", BsonNull.Value }, { "epoch", 0L }, { "expiresAt", new BsonDateTime(0) },
        });
        await _collections.Leases.InsertManyAsync(session, lanes, cancellationToken: cancellationToken).ConfigureAwait(false);
        return _options.Lanes;
    }
}
