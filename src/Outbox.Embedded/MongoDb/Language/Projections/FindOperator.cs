using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Projections;

/// <summary>What only a find's projection knows: <c>$slice</c> and <c>$elemMatch</c> of one field.</summary>
internal abstract class FindOperator(string path)
{
    public string Path { get; } = path;

    /// <summary>True when naming it means that what is not named stays out.</summary>
    public abstract bool Includes { get; }

    public abstract BsonDocument Apply(BsonDocument original, BsonDocument projected);

    public static (BsonDocument Plain, List<FindOperator> Operators) Split(BsonDocument projection, ExpressionParser expressions)
    {
        var operators = new List<FindOperator>();
        return (Rest("", projection, expressions, operators), operators);
    }

    /// <summary>What is left without the operators, which may stand within documents too.</summary>
    private static BsonDocument Rest(string prefix, BsonDocument projection, ExpressionParser expressions, List<FindOperator> operators)
    {
        var rest = new BsonDocument();
        foreach (var element in projection)
        {
            var path = prefix + element.Name;
            if (Read(path, element.Value, expressions) is { } found)
            {
                operators.Add(found);
            }
            else if (element.Value is BsonDocument { ElementCount: > 0 } inner && !inner.StartsWithDollar())
            {
                var left = Rest(path + ".", inner, expressions, operators);
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
