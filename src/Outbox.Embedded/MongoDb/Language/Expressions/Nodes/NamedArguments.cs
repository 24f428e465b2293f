using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Nodes;

/// <summary>The arguments of an operator that takes a document of names, checked for those it does not know.</summary>
internal sealed class NamedArguments
{
    private readonly string _operator;
    private readonly BsonDocument _document;

    public NamedArguments(string name, BsonValue argument, params string[] known)
    {
        _operator = name;
        _document = argument as BsonDocument ?? throw MongoError.FailedToParse($"{name} only supports an object as its argument");
        if (_document.Names.FirstOrDefault(each => !known.Contains(each)) is { } unknown)
        {
            throw MongoError.FailedToParse($"{name} found an unknown argument: {unknown}");
        }
    }

    public BsonValue Required(string name) => Optional(name) ?? throw MongoError.FailedToParse($"Missing '{name}' parameter to {_operator}");

    public BsonValue? Optional(string name) => _document.TryGetValue(name, out var value) ? value : null;
}
