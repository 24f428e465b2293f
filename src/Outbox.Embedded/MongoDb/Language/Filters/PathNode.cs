using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Filters.Conditions;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Filters;

/// <summary>A condition on what a dotted path leads to, through arrays: one value that meets it is enough.</summary>
internal sealed class PathNode(FieldPath path, ValueTest test) : FilterNode
{
    public FieldPath Path { get; } = path;

    public ValueTest Test { get; } = test;

    public override bool Matches(BsonDocument document, Match match) => InDocument(document, 0, match);

    public override IEnumerable<KeyValuePair<string, BsonValue>> Equalities() =>
        Test is CompareTest { Operator: Comparison.Equal } equal ? [new(Path.Text, equal.Value)] : [];

    private bool InDocument(BsonDocument document, int part, Match match)
    {
        var value = document.Find(Path.Parts[part]);
        while (part < Path.Last && value is BsonDocument inner)
        {
            value = inner.Find(Path.Parts[++part]);
        }

        if (value is not BsonArray array)
        {
            return Test.Matches(part < Path.Last ? null : value, match);
        }

        return part < Path.Last ? InArray(array, part + 1, match) : AtLeaf(array, match);
    }

    private bool AtLeaf(BsonArray array, Match match)
    {
        for (var i = 0; Test.TriesElements && i < array.Count; i++)
        {
            if (Test.Matches(array[i], match))
            {
                match.Found(i);
                return true;
            }
        }

        return Test.Matches(array, match);
    }

    private bool InArray(BsonArray array, int part, Match match)
    {
        var index = Path.Index(part);
        for (var i = 0; i < array.Count; i++)
        {
            if (InElement(array[i], part, i == index, match))
            {
                match.Found(i);
                return true;
            }
        }

        return false;
    }

    /// <summary>The rest of the path counts from each embedded document; a number in it also names the element itself.</summary>
    private bool InElement(BsonValue element, int part, bool named, Match match)
    {
        if (element is BsonDocument document && InDocument(document, part, match))
        {
            return true;
        }

        if (!named)
        {
            return false;
        }

        if (part == Path.Last)
        {
            return Test.Matches(element, match);
        }

        return element switch
        {
            BsonDocument inner => InDocument(inner, part + 1, match),
            BsonArray inner => InArray(inner, part + 1, match),
            _ => false,
        };
    }
}
