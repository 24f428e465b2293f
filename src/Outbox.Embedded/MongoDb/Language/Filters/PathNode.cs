using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Filters.Conditions;

namespace Outbox.Embedded.MongoDb.Language.Filters;

/// <summary>A condition on what a dotted path leads to, through arrays: one value that meets it is enough.</summary>
internal sealed class PathNode(FieldPath path, ValueTest test) : FilterNode
{
    public FieldPath Path { get; } = path;

    public ValueTest Test { get; } = test;

    public override bool Matches(BsonDocument document, Match match) => InDocument(document, 0, match);

    public override IEnumerable<KeyValuePair<string, BsonValue>> Equalities() =>
        Test switch
        {
            CompareTest { Operator: Comparison.Equal } equal => [new(Path.Text, equal.Value)],
            InTest { Only: { } only } => [new(Path.Text, only)],
            _ => [],
        };

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
            if (array[i] is BsonDocument document && InDocument(document, part, match))
            {
                match.Found(i);
                return true;
            }

            // A number in the path names the element itself: nothing was searched for, so nothing was "found".
            if (i == index && InNamed(array[i], part, match))
            {
                return true;
            }
        }

        return false;
    }

    private bool InNamed(BsonValue element, int part, Match match) => element switch
    {
        _ when part == Path.Last => Test.Matches(element, match),
        BsonDocument document => InDocument(document, part + 1, match),
        BsonArray array => InArray(array, part + 1, match),
        _ => false,
    };
}
