using MongoDB.Driver;
using Outbox.MongoDb.History.Projecting.Builds;

namespace Outbox;

/// <summary>Indexes for read models.</summary>
public static class RowIndexExtensions
{
    /// <summary>Has every version's collection created with these indexes. What an index of another version's must not be, the same name with other keys, is no matter: each has its own collection.</summary>
    /// <typeparam name="TRow">The projection's rows.</typeparam>
    public static void Indexes<TRow>(this ProjectionConfigurator projection, params CreateIndexModel<TRow>[] indexes)
        where TRow : class
    {
        ArgumentNullException.ThrowIfNull(indexes);
        projection.Extras.Add(new Wanted<TRow>(indexes));
    }

    private sealed class Wanted<TRow>(CreateIndexModel<TRow>[] indexes) : IRowIndexes
        where TRow : class
    {
        public Type RowType => typeof(TRow);

        public Task CreateAsync(IMongoDatabase database, string collection, CancellationToken cancellationToken) =>
            indexes.Length == 0 ? Task.CompletedTask : database.GetCollection<TRow>(collection).Indexes.CreateManyAsync(indexes, cancellationToken);
    }
}
