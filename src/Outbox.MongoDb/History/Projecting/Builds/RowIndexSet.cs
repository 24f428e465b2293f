using MongoDB.Driver;

namespace Outbox.MongoDb.History.Projecting.Builds;

/// <summary>Indexes for rows of a type.</summary>
internal sealed class RowIndexSet<TRow>(CreateIndexModel<TRow>[] indexes) : IRowIndexes
    where TRow : class
{
    /// <inheritdoc/>
    public Type RowType => typeof(TRow);

    /// <inheritdoc/>
    public Task CreateAsync(IMongoDatabase database, string collection, CancellationToken cancellationToken) =>
        indexes.Length == 0 ? Task.CompletedTask : database.GetCollection<TRow>(collection).Indexes.CreateManyAsync(indexes, cancellationToken);
}
