using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Expressions;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Projections;

/// <summary>What a find returns of each document.</summary>
internal sealed class Projection
{
    private readonly ProjectionTree? _tree;
    private readonly FindOperator[] _operators;

    private Projection(ProjectionTree? tree, FindOperator[] operators)
    {
        _tree = tree;
        _operators = operators;
    }

    /// <summary>The query is the one whose match a positional <c>$</c> stands for.</summary>
    public static Projection Parse(BsonDocument projection, Variables vars, Filter? query = null)
    {
        var expressions = Operators.Parser(vars);
        var (plain, operators) = FindOperator.Split(projection, expressions, query);
        var tree = projection.ElementCount == 0 ? null : new ProjectionParser(expressions).Parse(plain, [.. operators]);
        return new Projection(tree, [.. operators]);
    }

    /// <summary>True when it needs the document as the query found it.</summary>
    public bool NeedsMatch => Array.Exists(_operators, each => each is PositionalOperator);

    public BsonDocument Apply(BsonDocument doc)
    {
        var result = _tree is null ? doc : _tree.Apply(new Scope(doc));
        foreach (var each in _operators)
        {
            result = each.Apply(doc, result);
        }

        return result;
    }
}
