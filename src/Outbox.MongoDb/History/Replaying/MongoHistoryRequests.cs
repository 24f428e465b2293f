using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Delivery;
using Outbox.History.Replaying;
using Outbox.Messages;
using Outbox.MongoDb.Capture;
using Outbox.MongoDb.Sessions;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.History.Replaying;

/// <summary>Keeps what this service has asked for in <c>history.requests</c>, one document for each topic that a history comes in.</summary>
internal sealed class MongoHistoryRequests(OutboxCollections collections, ShortTransactions transactions, MessageStore messages, RelaySignal signal) : IHistoryRequestStore
{
    private static readonly BsonDocument IsOpen = new(HistoryReplayDocument.IsActive);

    private IMongoCollection<BsonDocument> Requests => collections.HistoryRequests;

    /// <inheritdoc/>
    public Task AddAsync(HistoryRequest request, OutboxMessage command, CancellationToken cancellationToken) => CaptureAsync(
        command,
        session => Requests.UpdateOneAsync(
            session,
            new BsonDocument("_id", request.Into),
            HistoryReplayDocument.Set(new BsonDocument
            {
                { "requestId", HistoryReplayDocument.Literal(request.RequestId) },
                { "topic", HistoryReplayDocument.Literal(request.Topic) },
                { "endpoint", HistoryReplayDocument.Literal(request.Endpoint) },
                { "state", HistoryReplayDocument.NameOf(request.State) },
                { "events", 0L },
                { "total", 0L },
                { "error", BsonNull.Value },
                { "requestedAt", Now },
            }),
            new UpdateOptions { IsUpsert = true },
            cancellationToken),
        cancellationToken);

    /// <inheritdoc/>
    public Task CancelAsync(HistoryRequest request, OutboxMessage command, CancellationToken cancellationToken) => CaptureAsync(
        command,
        session => Requests.UpdateOneAsync(
            session,
            HistoryReplayDocument.Of(request.Into, request.RequestId).Merge(IsOpen),
            HistoryReplayDocument.Set(new BsonDocument("state", HistoryReplayDocument.NameOf(HistoryReplayState.Cancelling))),
            cancellationToken: cancellationToken),
        cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> NoteAsync(HistoryReplayed said, CancellationToken cancellationToken)
    {
        // Messages of one request come in their order, and again after a crash: none takes back what a later one has said.
        var open = new BsonDocument(IsOpen) { { "requestId", said.RequestId }, { "events", new BsonDocument("$lte", said.Events) } };
        var fields = new BsonDocument
        {
            { "state", HistoryReplayDocument.NameOf(said.State) },
            { "events", said.Events },
            { "total", said.Total },
            { "error", HistoryReplayDocument.TextOf(said.Error) },
            { "saidAt", Now },
        };
        return (await Requests.UpdateOneAsync(open, HistoryReplayDocument.Set(fields), cancellationToken: cancellationToken).ConfigureAwait(false)).MatchedCount > 0;
    }

    /// <inheritdoc/>
    public async Task<HistoryRequest?> FindAsync(string into, CancellationToken cancellationToken) =>
        await Requests.Find(new BsonDocument("_id", into)).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false) is not { } found ? null
            : new HistoryRequest(into, found["requestId"].AsString, found["topic"].AsString, found["endpoint"].AsString, HistoryReplayDocument.StateOf(found))
            {
                Events = found["events"].ToInt64(),
                Total = found["total"].ToInt64(),
                Error = found["error"].IsBsonNull ? null : found["error"].AsString,
            };

    private async Task CaptureAsync(OutboxMessage command, Func<IClientSessionHandle, Task> also, CancellationToken cancellationToken)
    {
        await transactions.RunAsync(
            async (session, token) =>
            {
                await also(session).ConfigureAwait(false);
                await messages.InsertAsync(session, [command], new KnownHeads(), blocking: false, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        signal.Raise();
    }
}
