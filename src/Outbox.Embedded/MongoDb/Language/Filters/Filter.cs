using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Expressions;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Filters.Conditions;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Filters;

/// <summary>A query, parsed once and held against many documents.</summary>
internal sealed class Filter
{
    private readonly FilterNode _root;
    private IReadOnlyDictionary<string, IReadOnlyList<Interval>>? _bounds, _scalarBounds;

    private Filter(FilterNode root) => _root = root;

    /// <summary>
    /// For a path, the intervals of which at least one must hold at least one of the path's index keys in every matching document.
    /// Holds for arrays too, which is why two comparisons of one path are not intersected (save for <c>_id</c>, never an array).
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Interval>> Bounds => _bounds ??= BoundsReader.Read(_root, scalar: false);

    /// <summary>The tighter bounds that hold where no document has an array on the path.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Interval>> ScalarBounds => _scalarBounds ??= BoundsReader.Read(_root, scalar: true);

    /// <summary>The values that a matching document was required to equal: what an upsert starts from.</summary>
    internal IEnumerable<KeyValuePair<string, BsonValue>> Equalities => _root.Equalities();

    public static Filter Parse(BsonDocument filter, Variables vars) => Parse(filter, Operators.Parser(vars));

    internal static Filter Parse(BsonDocument filter, ExpressionParser expressions) => new(new FilterParser(expressions).Parse(filter));

    public bool Matches(BsonDocument doc) => _root.Matches(doc, Match.Untracked);

    internal bool Matches(BsonDocument doc, Match match) => _root.Matches(doc, match);
}
