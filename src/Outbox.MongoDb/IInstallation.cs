namespace Outbox.MongoDb;

/// <summary>What has to be in the database before anything is written to it: collections, indexes and lanes.</summary>
internal interface IInstallation
{
    /// <summary>
    /// Waits until it is there: at the start of a host, or where there is none at the first use. Once it is there this costs nothing; after a failure the next call tries again.
    /// </summary>
    Task EnsureAsync(CancellationToken cancellationToken);
}
