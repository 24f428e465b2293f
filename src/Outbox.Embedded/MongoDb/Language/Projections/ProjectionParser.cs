using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Expressions;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Projections;

/// <summary>Reads projections: which way round they are, and what they calculate.</summary>
internal sealed class ProjectionParser(ExpressionParser expressions)
{
    /// <summary>For <c>$addFields</c>: every value is an expression.</summary>
    public ProjectionTree ParseAdditions(BsonDocument specification)
    {
        var tree = new ProjectionTree(ProjectionMode.Add);
        foreach (var (path, value) in Leaves("", specification, 40180))
        {
            tree.Compute(path, expressions.Operand(value));
        }

        return tree;
    }

    /// <summary>Nothing when every field is to stay as it is.</summary>
    public ProjectionTree? Parse(BsonDocument specification, params FindOperator[] operators)
    {
        var leaves = Leaves("", specification, 51270).ToArray();
        var (includes, excludes, computes) = (Named(leaves, true), Named(leaves, false), leaves.Where(leaf => !IsFlag(leaf.Value)).ToArray());
        var inclusion = includes.Length > 0 || computes.Length > 0 || Array.Exists(operators, each => each.Includes)
            || (excludes.Length == 0 && leaves.Any(leaf => IsFlag(leaf.Value)));
        if (inclusion && excludes is [var excluded, ..])
        {
            throw MongoError.Location(31254, $"Cannot do exclusion on field {excluded} in inclusion projection");
        }

        if (leaves.Length == 0 && !inclusion)
        {
            return null;
        }

        // "_id: 0" alone leaves everything else in.
        var idFlag = Array.Find(leaves, leaf => leaf.Path.Text == "_id" && IsFlag(leaf.Value)).Value;
        inclusion = inclusion && (includes.Length > 0 || computes.Length > 0 || Array.Exists(operators, each => each.Includes) || idFlag.IsTrue());
        var tree = new ProjectionTree(inclusion ? ProjectionMode.Include : ProjectionMode.Exclude);
        foreach (var (path, value) in leaves.Where(leaf => leaf.Path.Text != "_id" && IsFlag(leaf.Value)))
        {
            tree.List(path);
        }

        AddId(tree, inclusion, idFlag, Array.Exists(computes, leaf => leaf.Path.Parts[0] == "_id") || Array.Exists(leaves, leaf => leaf.Path.Parts[0] == "_id" && leaf.Path.Last > 0));
        foreach (var each in operators.Where(_ => inclusion))
        {
            tree.List(new FieldPath(each.Path));
        }

        foreach (var (path, value) in computes)
        {
            tree.Compute(path, expressions.Operand(value));
        }

        return tree;
    }

    private static void AddId(ProjectionTree tree, bool inclusion, BsonValue? flag, bool spoken)
    {
        var wanted = flag is null ? !spoken : flag.IsTrue();
        if (wanted == inclusion && !(spoken && flag is null))
        {
            tree.List(new FieldPath("_id"));
        }
    }

    private static bool IsFlag(BsonValue value) => value is BsonBoolean || Numbers.IsNumber(value);

    private static string[] Named((FieldPath Path, BsonValue Value)[] leaves, bool include) =>
        [.. leaves.Where(leaf => leaf.Path.Text != "_id" && IsFlag(leaf.Value) && leaf.Value.IsTrue() == include).Select(leaf => leaf.Path.Text)];

    private static IEnumerable<(FieldPath Path, BsonValue Value)> Leaves(string prefix, BsonDocument specification, int emptyCode)
    {
        foreach (var element in specification)
        {
            var path = prefix + Checked(element.Name);
            if (element.Value is BsonDocument inner && !inner.StartsWithDollar())
            {
                if (inner.ElementCount == 0)
                {
                    throw MongoError.Location(emptyCode, $"An empty object is not a valid value. Found empty object at path {path}");
                }

                foreach (var leaf in Leaves(path + ".", inner, emptyCode))
                {
                    yield return leaf;
                }
            }
            else
            {
                yield return (new FieldPath(path), element.Value);
            }
        }
    }

    private static string Checked(string name)
    {
        if (name.Split('.') is var parts && Array.Exists(parts, part => part.Length == 0))
        {
            throw MongoError.Location(name.EndsWith('.') ? 40353 : 15998, name.EndsWith('.') ? "FieldPath must not end with a '.'." : "FieldPath field names may not be empty strings.");
        }

        if (parts[^1] == "$")
        {
            throw MongoError.NotImplemented($"The positional projection {name}");
        }

        return Array.Exists(parts, part => part.StartsWith('$')) ? throw MongoError.Location(16410, $"FieldPath field names may not start with '$': {name}") : name;
    }
}
