using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Stages.Sequences;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Stages.Grouping;

/// <summary><c>$bucket</c>: groups by the range that a value falls into, in the order of the ranges.</summary>
internal sealed class BucketStage(GroupStage groups) : Stage
{
    private static readonly SortSpec ByRange = SortSpec.Parse(new BsonDocument("_id", 1));

    public static BucketStage Parse(BsonValue argument, StageContext context)
    {
        var document = argument as BsonDocument ?? throw MongoError.Location(40201, "Argument to $bucket stage must be an object");
        var named = new NamedArguments("$bucket", document, "groupBy", "boundaries", "default", "output");
        if (named.Optional("groupBy") is not { } by || named.Optional("boundaries") is not { } limits)
        {
            throw MongoError.Location(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
        }

        if (by is not BsonString { Value: ['$', ..] } && !(by is BsonDocument expression && expression.StartsWithDollar()))
        {
            throw MongoError.Location(40202, "The $bucket 'groupBy' field must be defined as a $-prefixed path or an expression");
        }

        var boundaries = Boundaries(limits);
        var range = new BsonDocument("branches", new BsonArray(boundaries.Zip(boundaries.Skip(1), (low, high) => Branch(by, low, high))));
        if (named.Optional("default") is { } other)
        {
            CheckDefault(other, boundaries);
            range.Add("default", Literal(other));
        }

        var output = named.Optional("output") ?? new BsonDocument("count", new BsonDocument("$sum", 1));
        var fields = output as BsonDocument ?? throw MongoError.Location(40196, "The $bucket 'output' field must be an object");
        return new BucketStage(GroupStage.Parse(new BsonDocument("_id", new BsonDocument("$switch", range)).AddRange(fields), context));
    }

    public override IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source, Scope? outer) => ByRange.Sort(groups.Run(source, outer));

    private static BsonArray Boundaries(BsonValue limits)
    {
        var boundaries = limits as BsonArray ?? throw MongoError.Location(40200, $"The $bucket 'boundaries' field must be an array, but found type: {TypeNames.Of(limits)}");
        if (boundaries.Count < 2)
        {
            throw MongoError.Location(40192, "The $bucket 'boundaries' field must have at least 2 values");
        }

        foreach (var (low, high) in boundaries.Zip(boundaries.Skip(1)))
        {
            if (BsonOrder.Rank(low) != BsonOrder.Rank(high))
            {
                throw MongoError.Location(40193, "All values in the 'boundaries' option to $bucket must have the same type");
            }

            if (BsonOrder.Instance.Compare(low, high) >= 0)
            {
                throw MongoError.Location(40194, "The 'boundaries' option to $bucket must be sorted in ascending order");
            }
        }

        return boundaries;
    }

    private static void CheckDefault(BsonValue other, BsonArray boundaries)
    {
        if (BsonOrder.Instance.Compare(other, boundaries[0]) >= 0 && BsonOrder.Instance.Compare(other, boundaries[^1]) < 0)
        {
            throw MongoError.Location(40199, "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary.");
        }
    }

    private static BsonDocument Branch(BsonValue by, BsonValue low, BsonValue high) => new()
    {
        { "case", new BsonDocument("$and", new BsonArray { Compared("$gte", by, low), Compared("$lt", by, high) }) },
        { "then", Literal(low) },
    };

    private static BsonDocument Compared(string comparison, BsonValue by, BsonValue limit) => new(comparison, new BsonArray { by, Literal(limit) });

    private static BsonDocument Literal(BsonValue value) => new("$literal", value);
}
