using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.Inbox.Failing;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.Inbox;

/// <summary>
/// MongoDB is unreachable, has no primary, or is shutting down: any message would fail now. What a message's own data causes (a duplicate key, a document
/// that is too large, a validation failure) is not an outage.
/// </summary>
internal sealed class MongoOutageDetector(OutboxCollections collections, ShortTransactions transactions, TimeProvider time) : IOutageDetector
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public bool IsOutage(Exception error) => error switch
    {
        // Also a refused user: any message would fail now.
        _ when error is MongoConnectionException || MongoErrors.IsPassing(error) => true,
        MongoException labelled => TransactionLabels.AreOn(labelled),
        _ => false,
    };

    /// <inheritdoc/>
    public async Task<bool> IsOverAsync(CancellationToken cancellationToken)
    {
        // What a message needs: to write in a transaction that a majority has. It leaves nothing behind.
        var probe = new BsonDocument("_id", new BsonDocument { { "endpoint", "" }, { "messageId", Guid.NewGuid().ToString() } });
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await transactions.RunAsync(
                async (session, token) =>
                {
                    await collections.Inbox.InsertOneAsync(session, probe, cancellationToken: token).ConfigureAwait(false);
                    await collections.Inbox.DeleteOneAsync(session, probe, cancellationToken: token).ConfigureAwait(false);
                    return true;
                },
                either.Token).WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Whatever it says, it was not able to.
            return false;
        }
    }
}
