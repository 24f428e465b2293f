using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;

namespace Outbox.Embedded.MongoDb.Language.Updates.Tree;

/// <summary>Puts modifications into one tree and finds those that contradict each other.</summary>
internal sealed class TreeBuilder
{
    public FieldsNode Root { get; } = new("");

    /// <summary>The names of array filters that the paths use, each with the first path that does.</summary>
    public Dictionary<string, string> Identifiers { get; } = new(StringComparer.Ordinal);

    public bool UsesPositional { get; private set; }

    public void Add(UpdateNode modification)
    {
        var path = new FieldPath(modification.Path);
        Check(path);
        UpdateNode node = Root;
        for (var i = 0; i <= path.Last; i++)
        {
            var (children, key) = node switch
            {
                ElementsNode elements => (elements.Children, path.Parts[i][2..^1]),
                FieldsNode fields => (fields.Children, path.Parts[i]),
                _ => throw Conflict(path, i),
            };
            if (IsElements(path.Parts[i]) != node is ElementsNode)
            {
                throw Conflict(path, i);
            }

            if (!children.TryGetValue(key, out var next))
            {
                children[key] = next = i == path.Last ? modification : Inner(path, i);
            }
            else if (i == path.Last || Inner(path, i).GetType() != next.GetType())
            {
                throw Conflict(path, i + 1);
            }

            node = next;
        }
    }

    private static UpdateNode Inner(FieldPath path, int part)
    {
        var text = string.Join('.', path.Parts[..(part + 1)]);
        return IsElements(path.Parts[part + 1]) ? new ElementsNode(text) : new FieldsNode(text);
    }

    private static bool IsElements(string part) => part.StartsWith("$[", StringComparison.Ordinal) && part.EndsWith(']');

    private static MongoError Conflict(FieldPath path, int parts) => MongoError.ConflictingUpdate(
        $"Updating the path '{path}' would create a conflict at '{string.Join('.', path.Parts[..parts])}'");

    private void Check(FieldPath path)
    {
        if (path.Text.Length == 0)
        {
            throw new MongoError(56, "EmptyFieldName", "An empty update path is not valid.");
        }

        if (path.Parts.Contains(""))
        {
            throw new MongoError(56, "EmptyFieldName", $"The update path '{path}' contains an empty field name, which is not allowed.");
        }

        for (var i = 0; i < path.Parts.Length; i++)
        {
            CheckPart(path, i);
        }

        var positional = path.Parts.Count(part => part == FieldsNode.Positional);
        UsesPositional |= positional > 0;
        if (positional > 1)
        {
            throw MongoError.BadValue($"Too many positional (i.e. '$') elements found in path '{path}'");
        }
    }

    private void CheckPart(FieldPath path, int at)
    {
        var part = path.Parts[at];
        if (!part.StartsWith('$'))
        {
            return;
        }

        if (part == FieldsNode.Positional)
        {
            _ = at > 0 ? at : throw MongoError.BadValue($"Cannot have positional (i.e. '$') element in the first position in path '{path}'");
        }
        else if (IsElements(part))
        {
            _ = at > 0 ? at : throw MongoError.BadValue($"Cannot have array filter identifier (i.e. '$[<id>]') element in the first position in path '{path}'");
            Identifiers.TryAdd(part[2..^1], path.Text);
        }
        else if (at == 0 || part is not ("$ref" or "$id" or "$db"))
        {
            throw StorageRules.DollarPrefixed(part, path.Text);
        }
    }
}
