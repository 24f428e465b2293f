using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Stages.Sequences;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Stages.Grouping;

internal sealed class GroupStage(Expression id, AccumulatorField[] fields, bool byCount = false) : Stage
{
    public static GroupStage Parse(BsonValue argument, StageContext context)
    {
        var document = argument as BsonDocument ?? throw MongoError.Location(15947, "a group's fields must be specified in an object");
        var id = document.Find("_id") ?? throw MongoError.Location(15955, "a group specification must include an _id");
        var fields = document.Where(element => element.Name != "_id").Select(element => AccumulatorField.Parse(element, context)).ToArray();
        return new GroupStage(context.Expressions.Operand(id), fields);
    }

    public static GroupStage ParseSortByCount(BsonValue argument, StageContext context)
    {
        if (argument is not BsonString { Value: ['$', ..] } && !(argument is BsonDocument document && document.StartsWithDollar()))
        {
            throw MongoError.Location(40149, "the sortByCount field must be specified as a string or as an expression inside an object");
        }

        var one = AccumulatorField.Parse(new BsonElement("count", new BsonDocument("$sum", 1)), context);
        return new GroupStage(context.Expressions.Operand(argument), [one], byCount: true);
    }

    public override IReadOnlySet<string>? Fields
    {
        get
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            return fields.Select(added => added.Argument).Prepend(id).All(expression => expression.TryAddFields(names)) ? names : null;
        }
    }

    public override IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source, Scope? outer)
    {
        var groups = new Dictionary<BsonValue, Accumulator[]>(BsonEquality.Instance);
        var order = new List<BsonValue>();
        foreach (var document in source)
        {
            var scope = new Scope(document, outer);
            var key = id.Evaluate(scope) ?? BsonNull.Value;
            if (!groups.TryGetValue(key, out var accumulators))
            {
                groups[key] = accumulators = Array.ConvertAll(fields, field => field.Create());
                order.Add(key);
            }

            for (var i = 0; i < fields.Length; i++)
            {
                accumulators[i].Add(fields[i].Argument.Evaluate(scope));
            }
        }

        var results = order.Select(key => Result(key, groups[key]));
        return byCount ? SortSpec.Parse(new BsonDocument("count", -1)).Sort(results) : results;
    }

    private BsonDocument Result(BsonValue key, Accumulator[] accumulators)
    {
        var document = new BsonDocument("_id", key);
        for (var i = 0; i < fields.Length; i++)
        {
            document.Put(fields[i].Name, accumulators[i].Result());
        }

        return document;
    }
}
