using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Values;
using Outbox.Embedded.MongoDb.Protocol;
using Outbox.Embedded.MongoDb.Queries;

namespace Outbox.Embedded.MongoDb.Commands.Reads;

/// The first stages of a pipeline as a query: what an index can do for them.
internal sealed record PipelineHead(Query Query, int Stages)
{
    /// In the order in which a query does them: match, sort, skip, limit. Each may be missing.
    public static PipelineHead Read(BsonDocument command, Variables variables)
    {
        var stages = command.Required<BsonArray>("pipeline");
        var read = 0;
        var query = Query.Parse(Next("$match") as BsonDocument ?? [], variables) with { Hint = command.Optional("hint") };
        query = Next("$sort") is BsonDocument keys ? query with { Sort = SortSpec.Parse(keys) } : query;
        query = Next("$skip") is { } skip ? query with { Skip = Count(skip) } : query;
        query = Next("$limit") is { } limit ? query with { Limit = Count(limit) } : query;
        return new PipelineHead(query, read);

        BsonValue? Next(string name)
        {
            var argument = read < stages.Count && stages[read] is BsonDocument { ElementCount: 1 } stage ? stage.GetValue(name, null) : null;
            read += argument is null ? 0 : 1;
            return argument;
        }
    }

    private static long Count(BsonValue number) => Numbers.TryTruncate(number, out var count) ? count : 0;
}
