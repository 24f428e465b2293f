using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Commands.Writes;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Language.Stages.Writing;
using Outbox.Embedded.MongoDb.Language.Updates;
using Outbox.Embedded.MongoDb.Queries;
using Change = Outbox.Embedded.MongoDb.Commands.Writes.Change;

namespace Outbox.Embedded.MongoDb.Commands.Outputs;

/// Has each document meet the one that has its key. All are tried; the first error is told when all were.
internal sealed class MergeWriter(CommandContext context, Namespace target, MergeStage merge)
{
    private const int InsertAttempts = 100;

    private static readonly BsonArray Merging = [BsonDocument.Parse("{ $replaceWith: { $mergeObjects: ['$$ROOT', '$$new'] } }")];

    private readonly Modifier _modifier = new(context);

    public async ValueTask RunAsync(IEnumerable<BsonDocument> documents)
    {
        MergeKeys.CheckIndex(context.Store.Catalog.Find(target), merge.On);
        if (merge.Transformation is not null)
        {
            _ = Update.Parse(merge.Transformation, null, merge.Bind([], context.Variables), allowReplacement: false);
        }

        // What is written must not be read again: the target may be what the pipeline reads.
        var all = documents.Select(document => MergeKeys.WithKey(document, merge.On)).Select(document => (Document: document, Key: MergeKeys.Of(document, merge.On))).ToList();
        MongoError? first = null;
        foreach (var (document, key) in all)
        {
            try
            {
                context.Budget.Check();
                await WriteAsync(document, key).ConfigureAwait(false);
            }
            catch (MongoError error) when (!ErrorKinds.IsInterruption(error.Code) && !ErrorKinds.IsNotPrimary(error.Code))
            {
                first ??= error;
            }
        }

        if (first is not null)
        {
            throw first;
        }
    }

    private async ValueTask WriteAsync(BsonDocument document, BsonDocument key)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await MeetsAsync(document, key).ConfigureAwait(false) || merge.WhenNotMatched == WhenNotMatched.Discard)
            {
                return;
            }

            if (merge.WhenNotMatched == WhenNotMatched.Fail)
            {
                throw new MongoError(
                    13113, "MergeStageNoMatchingDocument", "$merge could not find a matching document in the target collection for at least one document in the source collection");
            }

            try
            {
                var stored = document;
                var data = Documents.EncodeNew(ref stored, null, context);
                await _modifier.InsertAsync(target, stored, data).ConfigureAwait(false);
                return;
            }
            catch (MongoError error) when (merge.WhenMatched != WhenMatched.Fail && attempt < InsertAttempts && MergeKeys.IsTaken(error, merge.On))
            {
                // Somebody was faster: now there is one to meet.
                context.Budget.Check();
            }
        }
    }

    /// True when there was a document of this key, whatever became of it.
    private async ValueTask<bool> MeetsAsync(BsonDocument document, BsonDocument key)
    {
        var query = Query.Parse(key, context.Variables) with { Limit = 1 };
        switch (merge.WhenMatched)
        {
            case WhenMatched.Fail:
                return false;
            case WhenMatched.KeepExisting:
                return await _modifier.FirstAsync(target, query, new Change(ChangeKind.Update, current => current)).ConfigureAwait(false) is not null;
        }

        BsonValue update = merge.WhenMatched switch
        {
            WhenMatched.Replace => document,
            WhenMatched.Merge => Merging,
            _ => merge.Transformation!,
        };
        var statement = new UpdateStatement(context, query, update, null) { Multi = false, Upsert = false, Variables = merge.Bind(document, context.Variables) };
        return (await statement.FirstAsync(target).ConfigureAwait(false)).Modified is not null;
    }
}
