using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;

namespace Outbox.Embedded.MongoDb.Language.Projections;

/// <summary>The fields named at one level of a projection, and those below them.</summary>
internal sealed class ProjectionTree(ProjectionMode mode)
{
    private readonly HashSet<string> _listed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ProjectionTree> _inner = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Expression> _computed = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];

    public void List(FieldPath path) => Level(path).Claim(path, null);

    public void Compute(FieldPath path, Expression expression) => Level(path).Claim(path, expression);

    public BsonDocument Apply(Scope scope)
    {
        var result = Kept(scope.Root);
        ComputeInto(result, scope);
        return result;
    }

    private ProjectionTree Level(FieldPath path)
    {
        var level = this;
        for (var i = 0; i < path.Last; i++)
        {
            var name = path.Parts[i];
            if (level._listed.Contains(name) || level._computed.ContainsKey(name))
            {
                throw MongoError.Location(31249, $"Path collision at {path} remaining portion {string.Join('.', path.Parts[(i + 1)..])}");
            }

            if (!level._inner.TryGetValue(name, out var next))
            {
                level._inner[name] = next = new ProjectionTree(mode);
                level._order.Add(name);
            }

            level = next;
        }

        return level;
    }

    private void Claim(FieldPath path, Expression? expression)
    {
        var name = path.Parts[^1];
        if (_inner.ContainsKey(name) || _listed.Contains(name) || !_computed.TryAdd(name, expression!))
        {
            throw MongoError.Location(31250, $"Path collision at {path}");
        }

        if (expression is null)
        {
            _computed.Remove(name);
            _listed.Add(name);
        }
        else
        {
            _order.Add(name);
        }
    }

    private BsonDocument Kept(BsonDocument document)
    {
        var result = new BsonDocument();
        foreach (var element in document)
        {
            var value = _inner.TryGetValue(element.Name, out var inner) ? inner.KeptOf(element.Value)
                : _listed.Contains(element.Name) == (mode == ProjectionMode.Include) ? element.Value
                : null;
            if (value is not null)
            {
                result.Add(element.Name, value);
            }
        }

        return result;
    }

    private BsonValue? KeptOf(BsonValue value) => value switch
    {
        BsonDocument document => Kept(document),
        BsonArray array => new BsonArray(array.Select(KeptOf).OfType<BsonValue>()),
        _ => mode == ProjectionMode.Include ? null : value,
    };

    private void ComputeInto(BsonDocument target, Scope scope)
    {
        foreach (var name in _order)
        {
            if (_computed.TryGetValue(name, out var expression))
            {
                target.Put(name, expression.Evaluate(scope));
            }
            else if (_inner[name].Computes)
            {
                target[name] = _inner[name].ComputedOver(target.Find(name), scope);
            }
        }
    }

    private bool Computes => _computed.Count > 0 || _inner.Values.Any(inner => inner.Computes);

    private BsonValue ComputedOver(BsonValue? value, Scope scope)
    {
        if (value is BsonArray array)
        {
            return new BsonArray(array.Select(item => ComputedOver(item, scope)));
        }

        var target = value as BsonDocument ?? [];
        ComputeInto(target, scope);
        return target;
    }
}
