using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Updates.Modifiers;
using Outbox.Embedded.MongoDb.Language.Updates.Tree;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Updates.Arrays;

/// <summary><c>$push</c> and <c>$addToSet</c>.</summary>
internal static class Adding
{
    public static UpdateNode Push(string path, BsonValue argument)
    {
        var push = PushClauses.Parse(path, argument);
        return new Modifier(path, (current, context) => current switch
        {
            null => push.Apply([]),
            BsonArray array => push.Apply(array),
            _ => throw MongoError.BadValue($"The field '{path}' must be an array but is of type {TypeNames.Of(current)} in document {ShellText.Id(context.Original)}"),
        });
    }

    public static UpdateNode AddToSet(string path, BsonValue argument)
    {
        var items = argument is BsonDocument document && document.StartsWithDollar() && document.GetElement(0).Name == "$each" ? Each(document) : [argument];
        items = [.. items.Distinct(BsonEquality.Instance)];
        StorageRules.CheckNames(items, path);
        return new Modifier(path, (current, _) => current switch
        {
            null => items,
            BsonArray array => Joined(array, items),
            _ => throw MongoError.BadValue($"Cannot apply $addToSet to non-array field. Field named '{path.Split('.')[^1]}' has non-array type {TypeNames.Of(current)}"),
        });
    }

    private static BsonArray Each(BsonDocument document)
    {
        if (document.ElementCount > 1)
        {
            throw MongoError.BadValue($"Found unexpected fields after $each in $addToSet: {ShellText.Of(document)}");
        }

        return document[0] as BsonArray
            ?? throw MongoError.TypeMismatch($"The argument to $each in $addToSet must be an array but it was of type {TypeNames.Of(document[0])}");
    }

    private static BsonArray Joined(BsonArray array, BsonArray items)
    {
        var known = new HashSet<BsonValue>(array, BsonEquality.Instance);
        var added = items.Where(item => !known.Contains(item)).ToList();
        return added.Count == 0 ? array : new BsonArray(array.Concat(added));
    }
}
