using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Projections;

/// <summary>Reads projections: which way round they are, and what they calculate.</summary>
internal sealed class ProjectionParser(ExpressionParser expressions)
{
    private readonly List<(FieldPath Path, bool Include)> _flags = [];
    private readonly List<(FieldPath Path, Expression Expression)> _computed = [];
    private ProjectionMode? _mode;
    private bool _idSpoken;
    private bool? _id;

    /// <summary>For <c>$addFields</c>: every value is an expression.</summary>
    public ProjectionTree ParseAdditions(BsonDocument specification)
    {
        var tree = new ProjectionTree(ProjectionMode.Add);
        foreach (var (path, value) in ProjectionLeaves.Of(specification, 40180))
        {
            tree.Compute(path, expressions.Operand(value));
        }

        return tree;
    }

    /// <summary>The operators' fields are taken in where only what is named is.</summary>
    public ProjectionTree Parse(BsonDocument specification, params FindOperator[] operators)
    {
        foreach (var (path, value) in ProjectionLeaves.Of(specification, 51270))
        {
            _idSpoken |= path.Parts[0] == "_id";
            Read(path, value);
        }

        _mode ??= Undecided(operators);
        var tree = new ProjectionTree(_mode.Value);
        foreach (var path in Listed(operators))
        {
            tree.List(path);
        }

        foreach (var (path, expression) in _computed)
        {
            tree.Compute(path, expression);
        }

        return tree;
    }

    private void Read(FieldPath path, BsonValue value)
    {
        if (value is not BsonBoolean && !Numbers.IsNumber(value))
        {
            Decide(ProjectionMode.Include, value is BsonDocument ? 31252 : 31310, $"Cannot use an expression in an exclusion projection: {ShellText.Element(path.Text, value)}");
            _computed.Add((path, Operand(value)));
        }
        else if (path.Text == "_id")
        {
            _id = value.IsTrue();
        }
        else
        {
            var (mode, code, doing, other) = value.IsTrue()
                ? (ProjectionMode.Include, 31253, "inclusion", "exclusion")
                : (ProjectionMode.Exclude, 31254, "exclusion", "inclusion");
            Decide(mode, code, $"Cannot do {doing} on field {path} in {other} projection");
            _flags.Add((path, value.IsTrue()));
        }
    }

    private Expression Operand(BsonValue value)
    {
        try
        {
            return expressions.Operand(value);
        }
        catch (MongoError error) when (error.Code == 168 && value is BsonDocument { ElementCount: 1 } document && !Operators.IsKnown(document.GetElement(0).Name))
        {
            throw MongoError.Location(31325, $"Unknown expression {document.GetElement(0).Name}");
        }
    }

    private void Decide(ProjectionMode mode, int code, string problem) => _mode = _mode is null || _mode == mode ? mode : throw MongoError.Location(code, problem);

    /// <summary>What the rest leaves open, the operators decide, and then the <c>_id</c>.</summary>
    private ProjectionMode Undecided(FindOperator[] operators)
    {
        var slices = Array.Exists(operators, each => !each.Includes);
        var include = slices || operators.Length == 0 ? _id == true : Array.Exists(operators, each => each.Includes);
        return include ? ProjectionMode.Include : ProjectionMode.Exclude;
    }

    private IEnumerable<FieldPath> Listed(FindOperator[] operators)
    {
        var include = _mode == ProjectionMode.Include;
        var named = _flags.Select(flag => flag.Path);
        var id = (include && (_id == true || !_idSpoken)) || (!include && _id == false);
        named = id ? named.Append(new FieldPath("_id")) : named;
        return include ? named.Concat(operators.Where(each => !each.Remains).Select(each => new FieldPath(each.Path))) : named;
    }
}
