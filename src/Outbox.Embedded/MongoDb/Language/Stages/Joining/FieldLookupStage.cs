using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions;
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
            var filter = Filter.Parse(new BsonDocument(foreign, Condition(document)), None);
            yield return Joined.Put(document, _target, new BsonArray(others.Where(filter.Matches)));
        }
    }

    private BsonDocument Condition(BsonDocument document)
    {
        var values = LocalValues(document, 0).Distinct(BsonEquality.Instance).ToArray();
        return values is [BsonRegularExpression regex] ? new BsonDocument("$eq", regex)
            : Array.Exists(values, value => value is BsonRegularExpression) ? throw MongoError.NotImplemented("$lookup over an array with regular expressions")
            : new BsonDocument("$in", new BsonArray(values.Length == 0 ? [BsonNull.Value] : values));
    }

    private IEnumerable<BsonValue> LocalValues(BsonValue value, int part) => value switch
    {
        BsonArray array => array.SelectMany(item => part <= local.Last && item is not BsonDocument ? [] : part <= local.Last ? LocalValues(item, part) : [item]),
        BsonDocument document when part <= local.Last => document.Find(local.Parts[part]) is { } next ? LocalValues(next, part + 1) : [],
        BsonUndefined => [],
        _ => part > local.Last ? [value] : [],
    };
}
