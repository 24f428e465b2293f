using System.Text.RegularExpressions;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Filters.Conditions;

/// <summary><c>$regex</c>: a string in which the pattern is found, or the very same regular expression as a value.</summary>
internal sealed class RegexTest(string pattern, string options) : ValueTest
{
    private readonly Regex _regex = Patterns.Compile(pattern, options);
    private readonly BsonRegularExpression _self = new(pattern, Patterns.Sorted(options));

    public override IReadOnlyList<Interval> Bounds
    {
        get
        {
            var prefix = Patterns.Prefix(pattern, options);
            var next = prefix.Length == 0 || prefix[^1] >= '\ud7ff' ? null : prefix[..^1] + (char)(prefix[^1] + 1);
            var strings = new Interval(new BsonString(prefix), true, next is null ? new BsonDocument() : new BsonString(next), false);
            return [strings, new Interval(new BsonRegularExpression(pattern, ""), true, new BsonJavaScript(""), false)];
        }
    }

    public override bool Matches(BsonValue? value, Match match) => value switch
    {
        BsonString text => Patterns.IsMatch(_regex, text.Value),
        BsonSymbol symbol => Patterns.IsMatch(_regex, symbol.Name),
        BsonRegularExpression regex => regex.Pattern == _self.Pattern && Patterns.Sorted(regex.Options) == _self.Options,
        _ => false,
    };
}
