using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Filters.Conditions;

namespace Outbox.Embedded.MongoDb.Language.Filters;

/// <summary>Reads a query document: the logical operators here, those of a field in <see cref="OperatorParser"/>.</summary>
internal sealed class FilterParser(ExpressionParser expressions, bool inElement = false)
{
    private static readonly HashSet<string> Refused = ["$where", "$text", "$jsonSchema", "$_internalSchemaAllowedProperties", "$sampleRate"];

    public FilterNode Parse(BsonDocument filter)
    {
        var nodes = new List<FilterNode>(filter.ElementCount);
        foreach (var element in filter)
        {
            if (element.Name.StartsWith('$'))
            {
                nodes.AddRange(TopLevel(element.Name, element.Value));
            }
            else
            {
                nodes.Add(Field(element.Name, element.Value));
            }
        }

        return nodes is [var only] ? only : new AndNode([.. nodes]);
    }

    /// <summary>A query on the documents within an array.</summary>
    public FilterNode ParseElement(BsonDocument filter) => new FilterParser(expressions, inElement: true).Parse(filter);

    private static FilterNode ToNode(FieldPath path, ValueTest test) => test switch
    {
        NotTest not => new NotNode(ToNode(path, not.Inner)),
        AllTests all => new AndNode(Array.ConvertAll(all.Tests, each => ToNode(path, each))),
        _ => new PathNode(path, test),
    };

    private FilterNode Field(string name, BsonValue condition) => ToNode(new FieldPath(name), new OperatorParser(this).Parse(name, condition));

    private IEnumerable<FilterNode> TopLevel(string name, BsonValue argument) => name switch
    {
        "$and" => [new AndNode(Branches(name, argument))],
        "$or" => [new OrNode(Branches(name, argument))],
        "$nor" => [new NotNode(new OrNode(Branches(name, argument)))],
        "$expr" when inElement => throw MongoError.BadValue("$expr can only be applied to the top-level document"),
        "$expr" => [new ExprNode(expressions.Operand(argument))],
        "$comment" => [],
        "$alwaysTrue" or "$alwaysFalse" => [new ConstantNode(name == "$alwaysTrue")],
        _ when Refused.Contains(name) => throw MongoError.NotImplemented($"The query operator {name}"),
        _ => throw MongoError.BadValue($"unknown top level operator: {name}"),
    };

    private FilterNode[] Branches(string name, BsonValue argument)
    {
        if (argument is not BsonArray { Count: > 0 } array)
        {
            throw MongoError.BadValue(argument is BsonArray ? "$and/$or/$nor must be a nonempty array" : $"{name} must be an array");
        }

        return [.. array.Select(branch => branch is BsonDocument document ? Parse(document)
            : throw MongoError.BadValue("$or/$and/$nor entries need to be full objects"))];
    }
}
