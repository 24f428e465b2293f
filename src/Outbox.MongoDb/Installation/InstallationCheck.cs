using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.MongoDb.Installation;

/// <summary>Finds what is missing where nothing may be created, as far as the user may look.</summary>
internal sealed class InstallationCheck(OutboxCollections collections, ILogger logger)
{
    private const int Unauthorized = 13;

    /// <exception cref="OutboxConfigurationException">Something is missing; the message says what to run.</exception>
    public async Task CheckAsync(IReadOnlyList<WantedIndex> indexes, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        foreach (var wanted in indexes.GroupBy(index => index.Collection))
        {
            var existing = await ListAsync(wanted.Key, cancellationToken).ConfigureAwait(false);
            missing.AddRange(existing is null ? [] : wanted.Where(index => !existing.Exists(other => index.IsServedBy(other) && index.ExpiresAs(other))).Select(IndexScript.Create));
        }

        if (await collections.Leases.EstimatedDocumentCountAsync(cancellationToken: cancellationToken).ConfigureAwait(false) == 0)
        {
            missing.Add($"one document for each lane in '{collections.Names.Leases}'");
        }

        if (missing.Count > 0)
        {
            throw new OutboxConfigurationException(
                $"Outbox:MongoDb:Install is false, and database '{collections.Database.DatabaseNamespace.DatabaseName}' lacks what the outbox needs. Have somebody who may run all of "
                + $"services.OutboxMongoDbScript() in mongosh, or set Install to true. Missing are: {string.Join(" ", missing)}");
        }
    }

    private async Task<List<BsonDocument>?> ListAsync(string collection, CancellationToken cancellationToken)
    {
        try
        {
            var listed = await collections.Database.GetCollection<BsonDocument>(collection).Indexes.ListAsync(cancellationToken).ConfigureAwait(false);
            return await listed.ToListAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (MongoCommandException error) when (error.Code == Unauthorized)
        {
            logger.IndexesNotChecked(collection, error.Message);
            return null;
        }
    }
}
