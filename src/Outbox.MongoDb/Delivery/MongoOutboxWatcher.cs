using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Watching;
using Outbox.Messages;

namespace Outbox.MongoDb.Delivery;

/// <summary>A change stream over inserts into the outbox. It starts at the present: what came before it is found by polling.</summary>
internal sealed class MongoOutboxWatcher(OutboxCollections collections) : IOutboxWatcher
{
    private static readonly BsonDocument[] Inserts =
    [
        new("$match", new BsonDocument("operationType", "insert")),
        new("$project", new BsonDocument("_id", 1)),
    ];

    /// <inheritdoc/>
    public async Task WatchAsync(Action onCommitted, CancellationToken cancellationToken)
    {
        try
        {
            using var changes = await collections.Outbox
                .WatchAsync(PipelineDefinition<ChangeStreamDocument<OutboxMessage>, BsonDocument>.Create(Inserts), cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            onCommitted();
            while (await changes.MoveNextAsync(cancellationToken).ConfigureAwait(false))
            {
                if (changes.Current.Any())
                {
                    onCommitted();
                }
            }
        }
        catch (MongoException error)
        {
            throw new WatchUnavailableException($"The change stream on '{collections.Names.Outbox}' ended: {error.Message}", error);
        }
    }
}
