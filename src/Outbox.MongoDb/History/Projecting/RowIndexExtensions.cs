using MongoDB.Driver;
using Outbox.MongoDb.History.Projecting.Builds;

namespace Outbox;

/// <summary>Indexes for read models.</summary>
public static class RowIndexExtensions
{
    /// <summary>Has every version's collection created with these indexes. What an index of another version's must not be, the same name with other keys, is no matter: each has its own collection.</summary>
    /// <typeparam name="TRow">The projection's rows.</typeparam>
    public static void IndexRows<TRow>(this ProjectionConfigurator projection, params CreateIndexModel<TRow>[] indexes)
        where TRow : class
    {
        ArgumentNullException.ThrowIfNull(indexes);
        projection.Extras.Add(new RowIndexSet<TRow>(indexes));
    }
}
