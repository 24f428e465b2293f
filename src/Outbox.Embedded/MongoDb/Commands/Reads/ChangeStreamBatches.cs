using MongoDB.Bson;
using Outbox.Embedded.MongoDb.ChangeStreams;
using Outbox.Embedded.MongoDb.Clients;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Language.Stages;
using Outbox.Embedded.MongoDb.Protocol;

namespace Outbox.Embedded.MongoDb.Commands.Reads;

/// Change streams as cursors: opened by an aggregate, read by a getMore that waits for news.
internal static class ChangeStreamBatches
{
    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(1);

    private static readonly HashSet<string> Permitted =
        ["$match", "$project", "$addFields", "$set", "$unset", "$replaceRoot", "$replaceWith"];

    public static Reply Open(CommandContext context, BsonArray stages, BsonDocument cursorOptions)
    {
        if (context.InTransaction)
        {
            throw new MongoError(263, "OperationNotSupportedInTransaction", "Aggregation stage $changeStream cannot run within a multi-document transaction");
        }

        var stage = stages[0].AsBsonDocument[0] as BsonDocument ?? throw MongoError.Location(50808, "$changeStream stage expects a document as argument");
        var name = context.Command[0].IsString ? context.Collection : new Namespace(context.Database, "");
        var stream = new ChangeStream(context.Store, ChangeStreamOptions.Parse(stage, context.Store.ReadLast()), Watched(context, stage, name), Rest(context, stages));
        var shown = name.Collection.Length > 0 ? name : name with { Collection = "$cmd.aggregate" };
        var cursor = new Cursor(shown, [], context.ReadScope(), context.Session) { Stream = stream };
        var batch = stream.Next(cursorOptions.Optional("batchSize") is null ? 101 : cursorOptions.Natural("batchSize"), context.Budget);
        return Answer("firstBatch", cursor, batch, stream.Ended ? 0 : context.Server.Cursors.Add(cursor));
    }

    public static async ValueTask<Reply> NextAsync(CommandContext context, Cursor cursor)
    {
        var stream = cursor.Stream!;
        var size = context.Command.Natural("batchSize") is > 0 and var given ? given : long.MaxValue;
        var wait = context.Command.OptionalLong("maxTimeMS") is { } ms ? TimeSpan.FromMilliseconds(ms) : UsualWait;
        var time = context.Server.Clock.Time;
        var started = time.GetTimestamp();
        while (true)
        {
            var news = context.Store.Advanced.Next;
            var batch = stream.Next(size, context.Budget);
            var left = wait - time.GetElapsedTime(started);
            if (batch.Count > 0 || stream.Ended || left <= TimeSpan.Zero)
            {
                return Close(context, cursor, batch);
            }

            using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.Budget.Cancellation);
            await Task.WhenAny(news, context.Budget.Interrupted, Task.Delay(left, time, ended.Token)).ConfigureAwait(false);
            await ended.CancelAsync().ConfigureAwait(false);
            context.Budget.Check();
            if (context.Server.Cursors.Find(cursor.Id) != cursor)
            {
                throw new MongoError(237, "CursorKilled", $"cursor id {cursor.Id} was killed while it waited");
            }
        }
    }

    private static Reply Close(CommandContext context, Cursor cursor, List<byte[]> batch)
    {
        if (cursor.Stream!.Ended)
        {
            context.Server.Cursors.Remove(cursor.Id);
        }

        return Answer("nextBatch", cursor, batch, cursor.Stream.Ended ? 0 : cursor.Id);
    }

    private static Reply Answer(string field, Cursor cursor, List<byte[]> batch, long id) =>
        new([]) { Batch = new CursorBatch(field, id, cursor.Name.ToString(), batch) { ResumeToken = cursor.Stream!.ResumeToken } };

    private static Namespace? Watched(CommandContext context, BsonDocument stage, Namespace name)
    {
        if (!stage.Flag("allChangesForCluster"))
        {
            return context.Database is "admin" or "config" or "local"
                ? throw new MongoError(73, "InvalidNamespace", $"$changeStream may not be opened on the internal {context.Database} database")
                : name;
        }

        return context.Database == "admin" && name.Collection.Length == 0
            ? null
            : throw MongoError.InvalidOptions("A $changeStream with 'allChangesForCluster:true' may only be opened on the 'admin' database, and with no collection name");
    }

    private static Pipeline? Rest(CommandContext context, BsonArray stages)
    {
        var rest = Pipeline.Parse(new BsonArray(stages.Skip(1)), context.Variables, null);
        foreach (var stage in stages.Skip(1))
        {
            var name = stage.AsBsonDocument.GetElement(0).Name;
            if (!Permitted.Contains(name))
            {
                throw new MongoError(20, "IllegalOperation", $"{name} is not permitted in a $changeStream pipeline");
            }
        }

        return stages.Count == 1 ? null : rest;
    }
}
