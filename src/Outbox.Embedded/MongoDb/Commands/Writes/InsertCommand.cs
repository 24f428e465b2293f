using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Protocol;

namespace Outbox.Embedded.MongoDb.Commands.Writes;

internal static class InsertCommand
{
    public static CommandSpec Spec { get; } = new(
        "insert", Traits.Write | Traits.Transactional | Traits.Retryable, RunAsync, "documents", "ordered", "bypassDocumentValidation");

    private static async ValueTask<Reply> RunAsync(CommandContext context)
    {
        var name = context.Collection;
        var documents = context.Documents("documents");
        var modifier = new Modifier(context);
        var runner = new StatementRunner(context);
        var inserted = 0;
        await runner.RunAsync(documents.Count, InsertAsync, (_, _) => inserted++).ConfigureAwait(false);
        return runner.Reply(new BsonDocument("n", inserted));

        async ValueTask<BsonDocument> InsertAsync(int index)
        {
            var (document, data) = documents[index];
            var stored = Documents.EncodeNew(ref document, data, context);
            await modifier.InsertAsync(name, document, stored).ConfigureAwait(false);
            return [];
        }
    }
}
