using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Clients;
using Outbox.Embedded.MongoDb.Protocol;

namespace Outbox.Embedded.MongoDb.Commands.Reads;

/// The first batch of a cursor, which stays open when there is more.
internal static class Batches
{
    private const long UsualFirstBatch = 101;

    public static Reply First(CommandContext context, Cursor cursor, bool single, BsonDocument options)
    {
        var size = options.Optional("batchSize") is null ? UsualFirstBatch : options.Natural("batchSize");
        var batch = cursor.NextBatch(size);
        if (!cursor.Exhausted && batch.Count == size && size > 0)
        {
            cursor.LookAhead();
        }

        if (cursor.Exhausted || single)
        {
            cursor.Dispose();
            return Answer("firstBatch", cursor, batch, 0);
        }

        return Answer("firstBatch", cursor, batch, context.Server.Cursors.Add(cursor));
    }

    public static Reply Answer(string field, Cursor cursor, IReadOnlyList<byte[]> batch, long id) =>
        new([]) { Batch = new CursorBatch(field, id, cursor.Name.ToString(), batch) };
}
