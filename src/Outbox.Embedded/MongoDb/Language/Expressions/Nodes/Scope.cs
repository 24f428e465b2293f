using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Nodes;

/// <summary>What an expression sees: the document at hand, and the variables bound around it.</summary>
internal sealed class Scope(BsonDocument root, Scope? outer = null)
{
    private string? _name;
    private BsonValue? _value;

    public BsonDocument Root { get; } = root;

    public Scope Bind(string name, BsonValue? value) => new(Root, this) { _name = name, _value = value };

    public BsonValue? Variable(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._name == name)
            {
                return scope._value;
            }
        }

        return null;
    }

    private Scope? Outer { get; } = outer;
}
