using System.Globalization;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Updates.Tree;

/// <summary>Modifications of an array's elements: all of them, <c>$[]</c>, or those that an array filter selects, <c>$[name]</c>.</summary>
internal sealed class ElementsNode(string path) : UpdateNode(path)
{
    public SortedDictionary<string, UpdateNode> Children { get; } = new(StringComparer.Ordinal);

    public override bool Tolerates(UpdateContext context) => false;

    public override BsonValue? Apply(BsonValue? current, UpdateContext context)
    {
        if (current is not BsonArray array)
        {
            throw MongoError.BadValue(current is null
                ? $"The path '{Path}' must exist in the document in order to apply array updates."
                : $"Cannot apply array updates to non-array element {ShellText.Element(Path.Split('.')[^1], current)}");
        }

        BsonArray? changed = null;
        for (var i = 0; i < array.Count; i++)
        {
            var value = ForElement(array[i], i, context)?.Apply(array[i], context) ?? (Selected(array[i], context) ? BsonNull.Value : array[i]);
            if (!ReferenceEquals(array[i], value))
            {
                (changed ??= new BsonArray(array))[i] = value;
            }
        }

        return changed ?? array;
    }

    public ElementsNode Merged(ElementsNode other, string path)
    {
        var merged = new ElementsNode(path);
        foreach (var (name, child) in Children.Concat(other.Children))
        {
            merged.Children[name] = merged.Children.TryGetValue(name, out var known) ? Merge(known, child, $"{path}.$[{name}]") : child;
        }

        return merged;
    }

    private bool Selected(BsonValue element, UpdateContext context) => Children.Keys.Any(identifier => context.Selects(identifier, element));

    private UpdateNode? ForElement(BsonValue element, int index, UpdateContext context)
    {
        UpdateNode? node = null;
        foreach (var (identifier, child) in Children)
        {
            if (context.Selects(identifier, element))
            {
                node = node is null ? child : Merge(node, child, string.Create(CultureInfo.InvariantCulture, $"{Path}.{index}"));
            }
        }

        return node;
    }
}
