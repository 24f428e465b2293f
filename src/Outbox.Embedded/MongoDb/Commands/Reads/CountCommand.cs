using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Values;
using Outbox.Embedded.MongoDb.Protocol;
using Outbox.Embedded.MongoDb.Queries;

namespace Outbox.Embedded.MongoDb.Commands.Reads;

internal static class CountCommand
{
    public static CommandSpec Spec { get; } = new("count", Traits.Read, Run, "query", "limit", "skip", "hint", "fields", "collation");

    public static Query Read(BsonDocument command, Variables variables) => Query.Parse(command.OptionalDocument("query") ?? [], variables) with
    {
        Skip = command.Natural("skip"),
        Limit = Math.Abs(command.OptionalLong("limit") ?? 0),
        Hint = command.Optional("hint"),
    };

    private static ValueTask<Reply> Run(CommandContext context)
    {
        var query = Read(context.Command, context.Variables);
        var collection = context.Store.Catalog.Find(context.Collection);
        if (collection is not null && query.Source.ElementCount == 0 && query is { Skip: 0, Limit: 0, Hint: null } && !context.ReadConcern.Majority)
        {
            return new(Answer(collection.DocumentCount));
        }

        return new(Answer(query.Run(context.Store, collection, context.ReadScope()).LongCount()));
    }

    private static Reply Answer(long count) => Reply.Ok(new BsonElement("n", Numbers.Integer(BsonType.Int32, count)));
}
