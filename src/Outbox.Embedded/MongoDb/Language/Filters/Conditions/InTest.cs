using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Filters.Conditions;

/// <summary><c>$in</c>: equal to one of many values, or matched by one of the regular expressions among them.</summary>
internal sealed class InTest : ValueTest
{
    private readonly HashSet<BsonValue> _values;
    private readonly RegexTest[] _patterns;
    private readonly bool _null;

    public InTest(IEnumerable<BsonValue> values, RegexTest[] patterns)
    {
        _values = new HashSet<BsonValue>(values, BsonEquality.Instance);
        _patterns = patterns;
        _null = _values.Contains(BsonNull.Value);
    }

    public BsonValue? Only => _values.Count == 1 && _patterns.Length == 0 ? _values.First() : null;

    public override IReadOnlyList<Interval>? Bounds
    {
        get
        {
            var bounds = _values.Select(value => TypeBrackets.For(Comparison.Equal, value)).Concat(_patterns.Select(pattern => pattern.Bounds)).ToList();
            return bounds.Contains(null) ? null : bounds.SelectMany(each => each!).ToList();
        }
    }

    public override bool Matches(BsonValue? value, Match match)
    {
        if (value is null or BsonUndefined && _null)
        {
            return _null;
        }

        return value is not null && (_values.Contains(value) || Array.Exists(_patterns, pattern => pattern.Matches(value, match)));
    }
}
