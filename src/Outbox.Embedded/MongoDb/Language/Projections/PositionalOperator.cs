using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Filters.Conditions;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Projections;

/// <summary><c>"a.b.$": 1</c>: of the first array on the path only the element at the place where the query found its match.</summary>
internal sealed class PositionalOperator(string path, Filter query) : FindOperator(path)
{
    private const string Ending = ".$";

    private readonly FieldPath _path = new(path);

    public override bool Includes => true;

    public override bool Remains => true;

    /// <summary>Nothing when the field's name has no such ending.</summary>
    public static PositionalOperator? Parse(string path, BsonValue value, Filter? query)
    {
        if (path.Split('.')[..^1] is { Length: > 1 } before && before[1..].Contains("$"))
        {
            throw MongoError.Location(31394, $"A positional projection may only be used at the end, for example a.b.$, not as in '{path}'");
        }

        return !path.EndsWith(Ending, StringComparison.Ordinal) || path.Length == Ending.Length ? null : value switch
        {
            BsonDocument or BsonArray => throw MongoError.Location(31271, "positional projection cannot be used with an expression or sub object"),
            not BsonBoolean when !Numbers.IsNumber(value) => throw MongoError.Location(31308, "positional projection cannot be used with a literal"),
            _ when !value.IsTrue() => throw MongoError.Location(31395, "positional projection cannot be used with exclusion"),
            _ when query is null => throw MongoError.Location(31324, "Cannot use positional projection in aggregation projection"),
            _ => new PositionalOperator(path[..^Ending.Length], query),
        };
    }

    public override BsonDocument Apply(BsonDocument original, BsonDocument projected) => Narrowed(projected, 0, original);

    private BsonDocument Narrowed(BsonDocument projected, int part, BsonDocument original)
    {
        var name = _path.Parts[part];
        BsonValue? value = projected.Find(name) switch
        {
            BsonArray array => new BsonArray { Element(array, original) },
            BsonDocument inner when part < _path.Last => Narrowed(inner, part + 1, original),
            _ => null,
        };
        return value is null ? projected : ((BsonDocument)projected.Clone()).Set(name, value);
    }

    private BsonValue Element(BsonArray array, BsonDocument original)
    {
        var match = new Match(null, tracked: true);
        var place = query.Matches(original, match) ? match.ArrayIndex : null;
        return place is not { } index ? throw MongoError.Location(
                51246, "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array")
            : index < array.Count ? array[index]
            : throw MongoError.Location(51247, "Executor error during find command :: caused by :: positional operator '.$' element mismatch");
    }
}
