using MongoDB.Driver;
using Outbox.Capture;
using Outbox.MongoDb.History;

namespace Outbox.MongoDb.Capture;

/// <summary>Begins each attempt of a transaction with nothing of the one before.</summary>
internal sealed class TransactionStart(CaptureBufferFactory buffers, HistoryAccess histories)
{
    public MongoOutboxTransaction Begin(IClientSessionHandle session, Cause? cause) => new(session, buffers.Create(cause), histories);
}
