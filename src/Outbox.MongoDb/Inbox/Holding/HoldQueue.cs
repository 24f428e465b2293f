using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox.Sequencing;
using Outbox.MongoDb.Inbox.Sequencing;

namespace Outbox.MongoDb.Inbox.Holding;

/// <summary>The messages of one entity that hold each other: those that failed first, for nothing passes them, then those behind them by position.</summary>
internal static class HoldQueue
{
    /// <summary>By reason: <c>failed</c> comes before <c>held</c>.</summary>
    public static readonly BsonDocument Order = new() { { "reason", 1 }, { "partition", 1 }, { "offset", 1 } };

    /// <summary>What the index of <see cref="Of"/> with <see cref="Order"/> has.</summary>
    public static readonly BsonDocument Keys = new BsonDocument { { "endpoint", 1 }, { "topic", 1 }, { "entityId", 1 } }.AddRange(Order);

    public static BsonDocument Of(Sequence entity) => SequenceDocument.EntityOf(entity).Add("hold", true);

    public static bool MayGo(BsonDocument? first) => first is not null && first["reason"] == "held";

    /// <summary>Whatever is decided about the queue at this moment has to be decided again.</summary>
    public static Task MeetAsync(
        OutboxCollections collections, IClientSessionHandle session, Sequence entity, UpdateDefinition<BsonDocument> change, CancellationToken cancellationToken) =>
        collections.InboxSequences.UpdateOneAsync(session, SequenceDocument.Id(entity), change, new UpdateOptions { IsUpsert = true }, cancellationToken);

    /// <summary>The sweep looks after the queue, here or elsewhere, until it rests.</summary>
    public static Task WakeAsync(OutboxCollections collections, IClientSessionHandle session, Sequence entity, CancellationToken cancellationToken) =>
        MeetAsync(collections, session, entity, SequenceDocument.Meet().Set("ready", true), cancellationToken);
}
