using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.Installation;

/// <summary>Creates one lease document for each lane, or finds that there are others.</summary>
internal sealed class LaneInstaller(OutboxCollections collections, int lanes)
{
    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;
    private static readonly TransactionOptions Options = new(ReadConcern.Snapshot, ReadPreference.Primary, WriteConcern.WMajority);

    /// <exception cref="OutboxConfigurationException">The outbox was created with another number of lanes.</exception>
    public async Task InstallAsync(bool mayCreate, CancellationToken cancellationToken)
    {
        var present = await collections.Leases.CountDocumentsAsync(All, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (present == 0 && mayCreate)
        {
            present = await InsertAsync(cancellationToken).ConfigureAwait(false);
        }

        if (present != lanes)
        {
            throw new OutboxConfigurationException(
                $"The outbox in database '{collections.Database.DatabaseNamespace.DatabaseName}' was created with {present} lanes, but Outbox:Lanes is "
                + $"{lanes}. Set Outbox:Lanes to {present}; or, to change it, stop every instance once the outbox is empty and nothing is parked, run "
                + $"{IndexScript.Collection(collections.Names.Leases)}.drop() in mongosh, and start them with the new number.");
        }
    }

    /// <summary>All or none: another process must never count half of them.</summary>
    /// <returns>How many lanes there are: another process that was faster may have wanted another number.</returns>
    private async Task<long> InsertAsync(CancellationToken cancellationToken)
    {
        using var session = await collections.Database.Client.StartSessionAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        while (true)
        {
            try
            {
                return await session.RunTransactionAsync(InsertAsync, Options, cancellationToken).ConfigureAwait(false);
            }
            catch (MongoBulkWriteException error) when (error.WriteErrors.Any(write => write.Category == ServerErrorCategory.DuplicateKey))
            {
                // Another process was faster, and the lanes it committed can be counted now.
            }
        }
    }

    private async Task<long> InsertAsync(IClientSessionHandle session, CancellationToken cancellationToken)
    {
        var present = await collections.Leases.CountDocumentsAsync(session, All, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (present > 0)
        {
            return present;
        }

        var documents = Enumerable.Range(0, lanes).Select(lane => new BsonDocument
        {
            { "_id", lane }, { "owner", BsonNull.Value }, { "epoch", 0L }, { "expiresAt", new BsonDateTime(0) },
        });
        await collections.Leases.InsertManyAsync(session, documents, cancellationToken: cancellationToken).ConfigureAwait(false);
        return lanes;
    }
}
