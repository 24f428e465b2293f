using MongoDB.Driver;
using Outbox.Capture;
using Outbox.History.Loading;

namespace Outbox.MongoDb.History;

/// <summary>Gives transactions their history.</summary>
internal sealed class HistoryAccess(OutboxCollections collections, HistoryServices services)
{
    public TransactionHistory In(BufferedTransaction transaction, IClientSessionHandle session) =>
        new(transaction, new MongoHistoryReader(collections, session), services);
}
