using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Stages.Sequences;

namespace Outbox.Embedded.MongoDb.Language.Stages.Grouping;

/// <summary>One field of a group: what goes in, and what adds it up.</summary>
internal sealed record AccumulatorField(string Name, Func<Accumulator> Create, Expression Argument)
{
    private static readonly Dictionary<string, Func<Accumulator>> Factories = new(StringComparer.Ordinal)
    {
        ["$sum"] = () => new TotalAccumulator(average: false),
        ["$avg"] = () => new TotalAccumulator(average: true),
        ["$min"] = () => new ExtremeAccumulator(-1),
        ["$max"] = () => new ExtremeAccumulator(1),
        ["$first"] = () => new EndAccumulator(first: true),
        ["$last"] = () => new EndAccumulator(first: false),
        ["$push"] = () => new ListAccumulator(distinct: false),
        ["$addToSet"] = () => new ListAccumulator(distinct: true),
        ["$mergeObjects"] = () => new MergeAccumulator(),
        ["$stdDevPop"] = () => new DeviationAccumulator(sample: false),
        ["$stdDevSamp"] = () => new DeviationAccumulator(sample: true),
    };

    public static IEnumerable<string> Names => Factories.Keys;

    public static AccumulatorField Parse(BsonElement element, StageContext context)
    {
        if (element.Name.Contains('.'))
        {
            throw MongoError.Location(40235, $"The field name '{element.Name}' cannot contain '.'");
        }

        if (element.Name.StartsWith('$'))
        {
            throw MongoError.Location(40236, $"The field name '{element.Name}' cannot be an operator name");
        }

        if (element.Value is not BsonDocument document || !document.StartsWithDollar())
        {
            throw MongoError.Location(40234, $"The field '{element.Name}' must be an accumulator object");
        }

        if (document.ElementCount != 1)
        {
            throw MongoError.Location(40238, $"The field '{element.Name}' must specify one accumulator");
        }

        var (name, argument) = (document.GetElement(0).Name, document[0]);
        if (argument is BsonArray)
        {
            throw MongoError.Location(40237, $"The {name} accumulator is a unary operator");
        }

        return new AccumulatorField(element.Name, Factory(name), context.Expressions.Operand(argument));
    }

    private static Func<Accumulator> Factory(string name) =>
        Factories.TryGetValue(name, out var create) ? create
        : name is "$accumulator" ? throw MongoError.NotImplemented($"The accumulator {name}")
        : throw MongoError.Location(15952, $"unknown group operator '{name}'");
}
