using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Projections;

/// <summary>What only a find's projection knows: <c>$slice</c> and <c>$elemMatch</c> of one field, and the positional <c>$</c>.</summary>
internal abstract class FindOperator(string path)
{
    public string Path { get; } = path;

    /// <summary>True when naming it means that what is not named stays out.</summary>
    public abstract bool Includes { get; }

    /// <summary>True when its field stays in what is left, as an inclusion like any other.</summary>
    public virtual bool Remains => false;

    public abstract BsonDocument Apply(BsonDocument original, BsonDocument projected);

    public static (BsonDocument Plain, List<FindOperator> Operators) Split(BsonDocument projection, ExpressionParser expressions, Filter? query)
    {
        var operators = new List<FindOperator>();
        var rest = Rest("", projection, (path, value) => PositionalOperator.Parse(path, value, query) ?? Read(path, value, expressions), operators);
        CheckPositional(operators);
        return (rest, operators);
    }

    private static void CheckPositional(List<FindOperator> operators)
    {
        var positional = operators.Count(each => each is PositionalOperator);
        if (positional > 1)
        {
            throw MongoError.Location(31276, "Cannot specify more than one positional projection per query.");
        }

        if (positional > 0 && operators.FindIndex(each => each is ElemMatchOperator) is >= 0 and var other)
        {
            // The code tells which of the two came first.
            throw MongoError.Location(operators.FindIndex(each => each is PositionalOperator) > other ? 31256 : 31255, "Cannot specify positional operator and $elemMatch.");
        }
    }

    /// <summary>What is left without the operators, which may stand within documents too.</summary>
    private static BsonDocument Rest(string prefix, BsonDocument projection, Func<string, BsonValue, FindOperator?> read, List<FindOperator> operators)
    {
        var rest = new BsonDocument(allowDuplicateNames: true);
        foreach (var element in projection)
        {
            var path = element.Name == "$" ? throw MongoError.Location(16410, "FieldPath field names may not start with '$': $") : prefix + element.Name;
            if (read(path, element.Value) is { } found)
            {
                operators.Add(found);
                rest.AddRange(found.Remains ? [new BsonElement(found.Path[prefix.Length..], true)] : Array.Empty<BsonElement>());
            }
            else if (element.Value is BsonDocument { ElementCount: > 0 } inner && !inner.StartsWithDollar())
            {
                var left = Rest(path + ".", inner, read, operators);
                rest.AddRange(left.ElementCount > 0 ? [new BsonElement(element.Name, left)] : Array.Empty<BsonElement>());
            }
            else
            {
                rest.Add(element);
            }
        }

        return rest;
    }

    private static FindOperator? Read(string path, BsonValue value, ExpressionParser expressions) =>
        value is not BsonDocument { ElementCount: 1 } document ? null : document.GetElement(0) switch
        {
            { Name: "$slice" } slice => SliceOperator.Parse(path, slice.Value),
            { Name: "$elemMatch", Value: BsonDocument condition } => path.Contains('.')
                ? throw MongoError.Location(31275, "Cannot use $elemMatch projection on a nested field.")
                : new ElemMatchOperator(path, Filter.Parse(new BsonDocument("a", new BsonDocument("$elemMatch", condition)), expressions)),
            { Name: "$elemMatch" } => throw MongoError.Location(31274, $"elemMatch: Invalid argument, object required, but got {TypeNames.Of(document[0])}"),
            _ => null,
        };
}
