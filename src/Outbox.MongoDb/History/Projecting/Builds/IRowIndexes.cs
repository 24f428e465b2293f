using MongoDB.Driver;

namespace Outbox.MongoDb.History.Projecting.Builds;

/// <summary>Indexes for the rows of a projection, whatever their type.</summary>
internal interface IRowIndexes
{
    Type RowType { get; }

    Task CreateAsync(IMongoDatabase database, string collection, CancellationToken cancellationToken);
}
