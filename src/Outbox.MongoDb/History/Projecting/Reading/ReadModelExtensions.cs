using MongoDB.Driver;
using Outbox.History.Projecting;
using Outbox.MongoDb.History.Projecting.Reading;

namespace Outbox;

/// <summary>Queries read models in MongoDB.</summary>
public static class ReadModelExtensions
{
    /// <summary>The collection of the version in use. Ask for it each time: another version's is another one, and a retired one's is deleted.</summary>
    /// <exception cref="OutboxException">No version has caught up yet, or the read model is not MongoDB's.</exception>
    public static ValueTask<IMongoCollection<TRow>> CollectionAsync<TRow>(this IReadModel<TRow> readModel, CancellationToken cancellationToken = default)
        where TRow : class => readModel is MongoReadModel<TRow> mongo
            ? mongo.CollectionAsync(cancellationToken)
            : throw new OutboxException($"A {readModel.GetType().Name} has no collection: this read model is not stored by UseMongoDb.");
}
