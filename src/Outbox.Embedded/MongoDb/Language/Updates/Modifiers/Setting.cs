using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Updates.Tree;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Updates.Modifiers;

/// <summary>Modifiers that give a field a value, or take the field away.</summary>
internal static class Setting
{
    public static UpdateNode Set(string path, BsonValue argument)
    {
        StorageRules.CheckNames(argument, path);
        return new Modifier(path, (current, _) => Changed(current, argument));
    }

    public static UpdateNode SetOnInsert(string path, BsonValue argument)
    {
        StorageRules.CheckNames(argument, path);
        return new SetOnInsertNode(path, argument);
    }

    public static UpdateNode Unset(string path) => new Modifier(path, (_, _) => null, tolerant: true);

    public static UpdateNode Extreme(string path, BsonValue argument, int sign)
    {
        StorageRules.CheckNames(argument, path);
        return new Modifier(path, (current, _) => current is null || BsonOrder.Instance.Compare(argument, current) * sign > 0 ? argument : current);
    }

    public static UpdateNode CurrentDate(string path, BsonValue argument, Variables variables)
    {
        var type = argument switch
        {
            BsonBoolean => "date",
            BsonDocument document when document.Names.FirstOrDefault(name => name != "$type") is { } unknown =>
                throw MongoError.BadValue($"Unrecognized $currentDate option: {unknown}"),
            BsonDocument document => document.Find("$type") is BsonString { Value: "date" or "timestamp" } name ? name.Value
                : throw MongoError.BadValue("The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}"),
            _ => throw MongoError.BadValue($"{TypeNames.Of(argument)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({{$type: 'timestamp/date'}}."),
        };
        var now = new BsonDateTime(variables.Now);
        var value = type == "date" ? (BsonValue)now : variables.ClusterTime ?? new BsonTimestamp((int)(now.MillisecondsSinceEpoch / 1000), 1);
        return new Modifier(path, (_, _) => value);
    }

    /// <summary>The old object when it says the same, so that an update without effect is seen as one.</summary>
    public static BsonValue Changed(BsonValue? current, BsonValue value) => current is not null && BsonEquality.Identical(current, value) ? current : value;
}
