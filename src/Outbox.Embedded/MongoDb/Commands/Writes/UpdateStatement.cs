using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Language.Updates;
using Outbox.Embedded.MongoDb.Language.Values;
using Outbox.Embedded.MongoDb.Queries;

namespace Outbox.Embedded.MongoDb.Commands.Writes;

/// An update of the first match or of all, or an upsert: what `update` and `findAndModify` have in common.
internal sealed class UpdateStatement(CommandContext context, Query query, BsonValue update, BsonArray? arrayFilters)
{
    private const int UpsertAttempts = 100;

    private readonly Modifier _modifier = new(context);

    public required bool Multi { get; init; }

    public required bool Upsert { get; init; }

    public Variables Variables { get; init; } = context.Variables;

    public bool IsReplacement => update is BsonDocument document && (document.ElementCount == 0 || !document.GetElement(0).Name.StartsWith('$'));

    public async ValueTask<(long Matched, long Changed)> AllAsync(Namespace name) =>
        await _modifier.AllAsync(name, query, Change()).ConfigureAwait(false);

    /// The document that was changed, or the one that was made.
    public async ValueTask<(Modified? Modified, BsonDocument? Upserted)> FirstAsync(Namespace name)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await _modifier.FirstAsync(name, query, Change()).ConfigureAwait(false) is { } modified)
            {
                return (modified, null);
            }

            if (!Upsert)
            {
                return (null, null);
            }

            try
            {
                return (null, await InsertAsync(name).ConfigureAwait(false));
            }
            catch (MongoError error) when (error.Code == 11000 && context.Transaction is null && attempt < UpsertAttempts && FindsNext(error))
            {
                // Another upsert of the same key was faster: this one is now an update.
                context.Budget.Check();
            }
        }
    }

    public async ValueTask<BsonDocument> InsertAsync(Namespace name)
    {
        var document = Update.BuildUpsert(query.Source, Update.Parse(update, arrayFilters, Variables, !Multi));
        var data = Documents.EncodeNew(ref document, null, context);
        await _modifier.InsertAsync(name, document, data).ConfigureAwait(false);
        return document;
    }

    private Change Change()
    {
        var parsed = Update.Parse(update, arrayFilters, Variables, !Multi);
        return new Change(IsReplacement ? ChangeKind.Replace : ChangeKind.Update, current => parsed.Apply(current, query.Filter, isInsert: false));
    }

    /// Trying again helps only when the query asks for nothing but the key that is taken.
    private bool FindsNext(MongoError error) =>
        error.Details?.GetValue("keyValue", null) is BsonDocument taken
        && taken.ElementCount == query.Source.ElementCount
        && taken.All(key => query.Source.TryGetValue(key.Name, out var asked)
            && (BsonOrder.Instance.Same(asked, key.Value) || (asked is BsonDocument { ElementCount: 1 } eq && eq.GetElement(0).Name == "$eq" && BsonOrder.Instance.Same(eq[0], key.Value))));
}
