using System.Globalization;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Operations;
using Outbox.Operations.Errors;
using Outbox.Operations.Failures;

namespace Outbox.MongoDb.Operations.Failures;

/// <summary>A list of parked or discarded messages, page by page along an index.</summary>
/// <param name="collection">Where they are.</param>
/// <param name="time">The time that the list goes by.</param>
/// <param name="direction">1 for the oldest first, -1 for the latest.</param>
internal sealed class FailureList(IMongoCollection<BsonDocument> collection, string time, int direction)
{
    private static readonly BsonDocument Bulky = new() { { "payload", 0 }, { "headers", 0 }, { "value", 0 }, { "key", 0 }, { "record", 0 } };

    private BsonDocument Order => new() { { time, direction }, { "_id", direction } };

    public async Task<Page<ParkedSummary>> ReadAsync(
        BsonDocument filter, BsonDocument index, (string? Cursor, int Size) page, Func<BsonDocument, ParkedSummary> read, CancellationToken cancellationToken)
    {
        PageCursor.CheckSize(page.Size);
        var list = TextSignature.Hash($"{collection.CollectionNamespace.CollectionName} {filter.ToJson()}");
        var behind = page.Cursor is null ? [] : Behind(page.Cursor, list);
        var found = await collection.Find(new BsonDocument("$and", new BsonArray { filter, behind }), new FindOptions { Hint = index })
            .Project(Bulky).Sort(Order).Limit(page.Size + 1).ToListAsync(cancellationToken).ConfigureAwait(false);
        var last = found.Count > page.Size ? found[page.Size - 1] : null;
        return new Page<ParkedSummary>([.. found.Take(page.Size).Select(read)], last is null ? null : CursorOf(last, list));
    }

    private string CursorOf(BsonDocument last, string list) =>
        PageCursor.Write(list, last[time].ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture), new BsonDocument("_id", last["_id"]).ToJson());

    /// <exception cref="OutboxException">It is a cursor of another list, or none.</exception>
    private BsonDocument Behind(string cursor, string list)
    {
        var place = PageCursor.Read(cursor, parts: 3);
        if (place[0] != list || !long.TryParse(place[1], CultureInfo.InvariantCulture, out var ticks) || ticks < 0 || ticks > DateTime.MaxValue.Ticks
            || !BsonDocument.TryParse(place[2], out var last) || !last.Contains("_id"))
        {
            throw PageCursor.Wrong();
        }

        var (at, further) = (new DateTime(ticks, DateTimeKind.Utc), direction > 0 ? "$gt" : "$lt");

        // Both say the same; the first is a range of the index.
        return new BsonDocument
        {
            { time, new BsonDocument(further + "e", at) },
            { "$or", new BsonArray { new BsonDocument(time, new BsonDocument(further, at)), new BsonDocument("_id", new BsonDocument(further, last["_id"])) } },
        };
    }
}
