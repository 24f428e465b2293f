using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Updates;

/// <summary>An update of any form, read once and applied to many documents.</summary>
internal sealed class Update
{
    private readonly UpdateForm _form;
    private readonly Variables _variables;

    private Update(UpdateForm form, Variables variables)
    {
        _form = form;
        _variables = variables;
    }

    public static Update Parse(BsonValue update, BsonArray? arrayFilters, Variables vars, bool allowReplacement) => new(Form(update, arrayFilters, vars, allowReplacement), vars);

    /// <summary>
    /// The updated document; the very same object when nothing changed. Old and new may share values: neither is ever to be changed in place.
    /// </summary>
    public BsonDocument Apply(BsonDocument current, Filter? query, bool isInsert)
    {
        var updated = _form.Apply(current, query, isInsert);
        return ReferenceEquals(updated, current) ? current : StorageRules.IdFirst(updated);
    }

    /// <summary>The document that an upsert inserts: the query's equalities, then the update, with an <c>_id</c> first of all.</summary>
    public static BsonDocument BuildUpsert(BsonDocument query, Update update)
    {
        var seed = UpsertSeed.From(Filter.Parse(query, update._variables), idOnly: !update._form.StartsFromQuery);
        var document = update.Apply(seed, null, isInsert: true);
        StorageRules.CheckId(document);
        if (document.Contains("_id"))
        {
            return StorageRules.IdFirst(document);
        }

        var whole = new BsonDocument("_id", ObjectId.GenerateNewId());
        whole.AddRange(document);
        return whole;
    }

    private static UpdateForm Form(BsonValue update, BsonArray? arrayFilters, Variables vars, bool allowReplacement)
    {
        if (update is BsonArray stages)
        {
            return arrayFilters is { Count: > 0 }
                ? throw MongoError.FailedToParse("Cannot specify arrayFilters and a pipeline update")
                : PipelineUpdate.Parse(stages, vars);
        }

        var document = update as BsonDocument ?? throw MongoError.FailedToParse("Update argument must be either an object or an array");
        if (document.StartsWithDollar())
        {
            return ModifierParser.Parse(document, arrayFilters, vars);
        }

        if (arrayFilters is { Count: > 0 })
        {
            throw MongoError.FailedToParse("Cannot specify arrayFilters and a replacement update");
        }

        return allowReplacement ? ReplacementUpdate.Parse(document)
            : throw MongoError.FailedToParse("multi update is not supported for replacement-style update");
    }
}
