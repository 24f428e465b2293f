using System.Globalization;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Updates.Tree;

/// <summary>Modifications of fields below this place, in the order of their names.</summary>
internal sealed class FieldsNode(string path) : UpdateNode(path)
{
    public const string Positional = "$";

    private const int MaxPadding = 1_500_000;

    public SortedDictionary<string, UpdateNode> Children { get; } = new(StringComparer.Ordinal);

    public override bool Tolerates(UpdateContext context) => Children.Values.All(child => child.Tolerates(context));

    public override BsonValue? Apply(BsonValue? current, UpdateContext context)
    {
        var children = Resolved(context);
        return current switch
        {
            null => Created(children, context),
            BsonDocument document => InDocument(document, children, context),
            BsonArray array => InArray(array, children, context),
            _ => Tolerates(context) ? current : throw NotViable(current, context),
        };
    }

    public FieldsNode Merged(FieldsNode other, string path)
    {
        var merged = new FieldsNode(path);
        foreach (var (name, child) in Children.Concat(other.Children))
        {
            merged.Children[name] = merged.Children.TryGetValue(name, out var known) ? Merge(known, child, $"{path}.{name}") : child;
        }

        return merged;
    }

    private static BsonDocument? Created(SortedDictionary<string, UpdateNode> children, UpdateContext context)
    {
        BsonDocument? document = null;
        foreach (var (name, child) in children)
        {
            if (child.Apply(null, context) is { } value)
            {
                (document ??= [])[name] = value;
            }
        }

        return document;
    }

    private static BsonDocument InDocument(BsonDocument document, SortedDictionary<string, UpdateNode> children, UpdateContext context)
    {
        BsonDocument? changed = null;
        foreach (var (name, child) in children)
        {
            var old = document.Find(name);
            var value = child.Apply(old, context);
            if (!ReferenceEquals(old, value))
            {
                changed ??= (BsonDocument)document.Clone();
                changed.Put(name, value);
            }
        }

        return changed ?? document;
    }

    private BsonArray InArray(BsonArray array, SortedDictionary<string, UpdateNode> children, UpdateContext context)
    {
        BsonArray? changed = null;
        foreach (var (name, child) in children)
        {
            var index = FieldPath.IndexOf(name);
            if (index < 0)
            {
                changed = child.Tolerates(context) ? changed : throw NotViable(array, context);
                continue;
            }

            var old = index < array.Count ? array[index] : null;
            var value = child.Apply(old, context);
            if (!ReferenceEquals(old, value))
            {
                changed ??= new BsonArray(array);
                Put(changed, index, value ?? BsonNull.Value);
            }
        }

        return changed ?? array;
    }

    private static void Put(BsonArray array, int index, BsonValue value)
    {
        if (index > array.Count + MaxPadding)
        {
            throw new MongoError(34, "CannotBackfillArray", $"can't backfill more than {MaxPadding} elements of an array, up to place {index}");
        }

        while (array.Count <= index)
        {
            array.Add(BsonNull.Value);
        }

        array[index] = value;
    }

    /// <summary>The children by real names: the positional operator becomes the place that the query matched.</summary>
    private SortedDictionary<string, UpdateNode> Resolved(UpdateContext context)
    {
        if (!Children.TryGetValue(Positional, out var positional))
        {
            return Children;
        }

        var index = context.MatchedIndex.ToString(CultureInfo.InvariantCulture);
        var named = new SortedDictionary<string, UpdateNode>(Children, StringComparer.Ordinal);
        named.Remove(Positional);
        named[index] = named.TryGetValue(index, out var known) ? Merge(known, positional, $"{Path}.{index}") : positional;
        return named;
    }

    private MongoError NotViable(BsonValue current, UpdateContext context)
    {
        var child = Children.First(each => !each.Value.Tolerates(context)).Key;
        return MongoError.PathNotViable($"Cannot create field '{child}' in element {{{ShellText.Element(Path.Split('.')[^1], current)}}}");
    }
}
