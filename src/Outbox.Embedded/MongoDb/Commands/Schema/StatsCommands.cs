using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Values;
using Outbox.Embedded.MongoDb.Protocol;

namespace Outbox.Embedded.MongoDb.Commands.Schema;

/// How much there is. Counts are int32 where they fit, as MongoDB appends them; a database's sizes are doubles.
internal static class StatsCommands
{
    public static IEnumerable<CommandSpec> All { get; } =
    [
        new("collStats", Traits.Read, OfCollection, "scale"),
        new("dbStats", Traits.Read, OfDatabase, "scale", "freeStorage"),
    ];

    private static ValueTask<Reply> OfCollection(CommandContext context)
    {
        var collection = context.Store.Catalog.Find(context.Collection);
        var (scale, count, bytes) = (Scale(context), collection?.DocumentCount ?? 0, collection?.DocumentBytes ?? 0);
        var reply = new BsonDocument
        {
            { "ns", context.Collection.ToString() },
            { "size", Fit(bytes / scale) },
            { "count", Fit(count) },
            { "avgObjSize", Fit(count > 0 ? bytes / count : 0), count > 0 },
            { "storageSize", Fit(bytes / scale) },
            { "capped", false },
            { "nindexes", collection?.Indexes.Length ?? 0 },
            { "scaleFactor", Fit(scale) },
        };
        return new(new Reply(reply));
    }

    private static ValueTask<Reply> OfDatabase(CommandContext context)
    {
        var all = context.Store.Catalog.All(context.Database);
        var (scale, count, bytes) = (Scale(context), all.Sum(c => c.DocumentCount), all.Sum(c => c.DocumentBytes));
        return new(new Reply(new BsonDocument
        {
            { "db", context.Database },
            { "collections", all.Count },
            { "views", 0 },
            { "objects", Fit(count) },
            { "avgObjSize", count > 0 ? (double)bytes / count : 0 },
            { "dataSize", (double)bytes / scale },
            { "storageSize", (double)bytes / scale },
            { "indexes", all.Sum(c => c.Indexes.Length) },
            { "scaleFactor", (double)scale },
        }));
    }

    private static BsonValue Fit(long number) => Numbers.Integer(BsonType.Int32, number)!;

    private static long Scale(CommandContext context) => (context.Command.OptionalLong("scale") ?? 1) switch
    {
        >= 1 and var scale => scale,
        _ => throw MongoError.BadValue("scale has to be >= 1"),
    };
}
