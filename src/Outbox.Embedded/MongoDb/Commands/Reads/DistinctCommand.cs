using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Values;
using Outbox.Embedded.MongoDb.Protocol;
using Outbox.Embedded.MongoDb.Queries;

namespace Outbox.Embedded.MongoDb.Commands.Reads;

internal static class DistinctCommand
{
    public static CommandSpec Spec { get; } = new("distinct", Traits.Read | Traits.Transactional, Run, "key", "query", "collation");

    private static ValueTask<Reply> Run(CommandContext context)
    {
        var path = context.Command.Required<BsonString>("key").Value.Split('.');
        var query = Query.Parse(context.Command.OptionalDocument("query") ?? [], context.Variables);
        var (collection, scope) = (context.Store.Catalog.Find(context.Collection), context.ReadScope());
        var values = new SortedSet<BsonValue>(BsonOrder.Instance);
        var found = query.Source.ElementCount == 0 && collection is not null && DistinctScan.Along(collection, string.Join('.', path)) is { } index
            ? DistinctScan.Run(context.Store, collection, index, scope) : query.Run(context.Store, collection, scope);
        foreach (var candidate in found)
        {
            Collect(candidate.Document, path, 0, values);
        }

        return new(Reply.Ok(new BsonElement("values", new BsonArray(values))));
    }

    /// The values at a path; an array gives its elements.
    private static void Collect(BsonValue value, string[] path, int depth, SortedSet<BsonValue> into)
    {
        switch (value)
        {
            case BsonArray array when depth == path.Length:
                into.UnionWith(array);
                break;
            case var leaf when depth == path.Length:
                into.Add(leaf);
                break;
            case BsonDocument document when document.TryGetValue(path[depth], out var next):
                Collect(next, path, depth + 1, into);
                break;
            case BsonArray array:
                if (int.TryParse(path[depth], out var at) && at >= 0 && at < array.Count)
                {
                    Collect(array[at], path, depth + 1, into);
                }

                foreach (var item in array.OfType<BsonDocument>())
                {
                    Collect(item, path, depth, into);
                }

                break;
        }
    }
}
