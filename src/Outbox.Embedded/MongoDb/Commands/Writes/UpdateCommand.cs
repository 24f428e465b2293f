using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Protocol;
using Outbox.Embedded.MongoDb.Queries;

namespace Outbox.Embedded.MongoDb.Commands.Writes;

internal static class UpdateCommand
{
    public static CommandSpec Spec { get; } = new(
        "update", Traits.Write | Traits.Transactional | Traits.Retryable, RunAsync, "updates", "ordered", "bypassDocumentValidation", "let");

    private static async ValueTask<Reply> RunAsync(CommandContext context)
    {
        var statements = context.Documents("updates");
        var runner = new StatementRunner(context);
        var (matched, changed) = (0L, 0L);
        var upserted = new BsonArray();
        await runner.RunAsync(statements.Count, index => OneAsync(context, statements[index].Document), Add).ConfigureAwait(false);
        var reply = new BsonDocument { { "n", (int)matched }, { "nModified", (int)changed } };
        if (upserted.Count > 0)
        {
            reply.Add("upserted", upserted);
        }

        return runner.Reply(reply);

        void Add(int index, BsonDocument answer)
        {
            matched += answer["n"].ToInt64();
            changed += answer["nModified"].ToInt64();
            if (answer.TryGetValue("upserted", out var id))
            {
                upserted.Add(new BsonDocument { { "index", index }, { "_id", id } });
            }
        }
    }

    private static async ValueTask<BsonDocument> OneAsync(CommandContext context, BsonDocument source)
    {
        source.OnlyKnows("update.updates", "q", "u", "upsert", "multi", "arrayFilters", "hint", "collation");
        source.RefuseCollation();
        var query = Query.Parse(source.Required<BsonDocument>("q"), context.Variables) with { Hint = source.Optional("hint") };
        var statement = new UpdateStatement(context, query, source.Required<BsonValue>("u"), source.OptionalArray("arrayFilters"))
        {
            Multi = source.Flag("multi"),
            Upsert = source.Flag("upsert"),
        };
        if (statement.Multi)
        {
            return await ManyAsync(context, statement).ConfigureAwait(false);
        }

        var (modified, inserted) = await statement.FirstAsync(context.Collection).ConfigureAwait(false);
        return Answer(modified is null ? 0 : 1, modified?.Changed == true ? 1 : 0, inserted);
    }

    private static async ValueTask<BsonDocument> ManyAsync(CommandContext context, UpdateStatement statement)
    {
        if (context.Retryable)
        {
            throw MongoError.InvalidOptions("Cannot use retryable writes with multi=true");
        }

        if (statement.IsReplacement)
        {
            throw MongoError.FailedToParse("multi update is not supported for replacement-style update");
        }

        var (matched, changed) = await statement.AllAsync(context.Collection).ConfigureAwait(false);
        var inserted = matched == 0 && statement.Upsert ? await statement.InsertAsync(context.Collection).ConfigureAwait(false) : null;
        return Answer(matched, changed, inserted);
    }

    private static BsonDocument Answer(long matched, long changed, BsonDocument? inserted)
    {
        var answer = new BsonDocument { { "n", inserted is null ? matched : 1 }, { "nModified", changed } };
        return inserted is null ? answer : answer.Add("upserted", inserted["_id"]);
    }
}
