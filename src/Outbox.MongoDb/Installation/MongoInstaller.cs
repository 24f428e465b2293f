using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Servers;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.Installation;

/// <summary>Creates the collections, indexes and lanes, once and off the hot path. Safe to run again and from several processes at once.</summary>
internal sealed class MongoInstaller(OutboxCollections collections, IOptions<OutboxOptions> options, IOptions<MongoDbOptions> mongo, TimeProvider time, ILogger<MongoInstaller> logger)
    : IInstallation, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile bool _isDone;

    /// <inheritdoc/>
    public Task EnsureAsync(CancellationToken cancellationToken) => _isDone ? Task.CompletedTask : InstallOnceAsync(cancellationToken);

    /// <summary>Checks the server and creates what is missing.</summary>
    /// <exception cref="OutboxConfigurationException">
    /// The server has no transactions, the outbox was created with another number of lanes, a collection or an index is somebody else's, or the user has not the rights.
    /// </exception>
    public async Task InstallAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await RequireTransactionsAsync(cancellationToken).ConfigureAwait(false);
            await InstallPartsAsync(cancellationToken).ConfigureAwait(false);
            _isDone = true;
        }
        catch (Exception error) when (StartErrors.Explain(error, collections.Database) is { } explained)
        {
            throw explained;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private IReadOnlyList<WantedIndex> Indexes() => WantedIndexes.Of(collections.Names, options.Value, mongo.Value);

    /// <summary>A server that has answered before is back in a moment, or another one is elected: what was begun is begun again, for as long as the client waits for a server.</summary>
    private async Task InstallPartsAsync(CancellationToken cancellationToken)
    {
        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                await CreateOrCheckAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (MongoErrors.IsPassing(error) && Stopwatch.GetElapsedTime(started) < collections.Database.Client.Settings.ServerSelectionTimeout)
            {
                logger.InstallsAgain(error.Message);
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task CreateOrCheckAsync(CancellationToken cancellationToken)
    {
        if (mongo.Value.Install)
        {
            await new CollectionInstaller(collections, Indexes()).InstallAsync(cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await new InstallationCheck(collections, logger).CheckAsync(Indexes(), cancellationToken).ConfigureAwait(false);
        }

        await new LaneInstaller(collections, options.Value.Lanes).InstallAsync(mongo.Value.Install, cancellationToken).ConfigureAwait(false);
    }

    private async Task InstallOnceAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_isDone)
            {
                await InstallAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task RequireTransactionsAsync(CancellationToken cancellationToken)
    {
        await collections.Database.RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1), cancellationToken: cancellationToken).ConfigureAwait(false);
        if (collections.Database.Client.Cluster.Description.Servers.Any(server => server.Type == ServerType.Standalone))
        {
            throw new OutboxConfigurationException(
                "The MongoDB server is a standalone, which has no transactions. Start it with --replSet rs0, run rs.initiate() once in mongosh, "
                + "and add ?replicaSet=rs0 to Outbox:MongoDb:Connection: a replica set of one node is enough.");
        }
    }
}
