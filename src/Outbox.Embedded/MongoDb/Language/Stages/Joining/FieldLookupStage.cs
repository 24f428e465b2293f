using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Stages.Sequences;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Stages.Joining;

/// <summary>Joins documents whose foreign field equals the local one, or one of its elements.</summary>
internal sealed class FieldLookupStage(Func<IEnumerable<BsonDocument>> read, string target, FieldPath local, string foreign) : Stage
{
    private static readonly Variables None = new(default);
    private readonly FieldPath _target = new(target);

    public override IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source, Scope? outer)
    {
        BsonDocument[]? others = null;
        foreach (var document in source)
        {
            others ??= [.. read()];
            var filter = Filter.Parse(Condition(document), None);
            yield return Joined.Put(document, _target, new BsonArray(others.Where(filter.Matches)));
        }
    }

    private BsonDocument Condition(BsonDocument document)
    {
        var values = new BsonArray(PathValues.Of(document, local).Distinct(BsonEquality.Instance));
        if (values.Count == 0)
        {
            values.Add(BsonNull.Value);
        }

        // In $in a regular expression would match strings, here it stands for itself.
        return values.Any(value => value is BsonRegularExpression)
            ? new BsonDocument("$or", new BsonArray(values.Select(value => new BsonDocument(foreign, new BsonDocument("$eq", value)))))
            : new BsonDocument(foreign, new BsonDocument("$in", values));
    }
}
