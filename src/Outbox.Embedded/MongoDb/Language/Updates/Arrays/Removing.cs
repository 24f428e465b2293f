using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Updates.Modifiers;
using Outbox.Embedded.MongoDb.Language.Updates.Tree;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Updates.Arrays;

/// <summary><c>$pop</c>, <c>$pull</c> and <c>$pullAll</c>.</summary>
internal static class Removing
{
    public static UpdateNode Pop(string path, BsonValue argument)
    {
        if (!Numbers.IsNumber(argument))
        {
            throw MongoError.FailedToParse($"Expected a number in: {ShellText.Element(path, argument)}");
        }

        var first = Numbers.TryWhole(argument, out var end) && end is 1 or -1 ? end == -1
            : throw MongoError.FailedToParse($"$pop expects 1 or -1, found: {ShellText.Of(argument)}");
        return new Modifier(path, (current, _) => current switch
        {
            null or BsonArray { Count: 0 } => current,
            BsonArray array => new BsonArray(first ? array.Skip(1) : array.Take(array.Count - 1)),
            _ => throw MongoError.TypeMismatch($"Path '{path}' contains an element of non-array type '{TypeNames.Of(current)}'"),
        });
    }

    public static UpdateNode PullAll(string path, BsonValue argument)
    {
        var values = argument as BsonArray ?? throw MongoError.BadValue($"$pullAll requires an array argument but was given a {TypeNames.Of(argument)}");
        var set = new HashSet<BsonValue>(values, BsonEquality.Instance);
        return Cull(path, set.Contains);
    }

    public static UpdateNode Pull(string path, BsonValue argument, Variables variables)
    {
        if (argument is BsonRegularExpression || (argument is BsonDocument operators && OperatorParser.AppliesToValue(operators)))
        {
            var onValue = Filter.Parse(new BsonDocument("", argument), variables);
            return Cull(path, element => onValue.Matches(new BsonDocument("", element)));
        }

        if (argument is BsonDocument condition)
        {
            var onDocument = Filter.Parse(condition, variables);
            return Cull(path, element => element is BsonDocument document && onDocument.Matches(document));
        }

        return Cull(path, element => BsonOrder.Instance.Same(element, argument));
    }

    private static Modifier Cull(string path, Func<BsonValue, bool> goes) => new(path, (current, _) => current switch
    {
        null => null,
        BsonArray array => array.Any(goes) ? new BsonArray(array.Where(element => !goes(element))) : array,
        _ => throw MongoError.BadValue("Cannot apply $pull to a non-array value"),
    });
}
