using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Updates.Arrays;
using Outbox.Embedded.MongoDb.Language.Updates.Modifiers;
using Outbox.Embedded.MongoDb.Language.Updates.Tree;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Updates;

/// <summary>Reads an update document of modifiers.</summary>
internal static class ModifierParser
{
    private static readonly Dictionary<string, Reader> Modifiers = new(StringComparer.Ordinal)
    {
        ["$set"] = (path, argument, _) => [Setting.Set(path, argument)],
        ["$unset"] = (path, _, _) => [Setting.Unset(path)],
        ["$setOnInsert"] = (path, argument, _) => [Setting.SetOnInsert(path, argument)],
        ["$inc"] = (path, argument, _) => [Calculating.Inc(path, argument)],
        ["$mul"] = (path, argument, _) => [Calculating.Mul(path, argument)],
        ["$min"] = (path, argument, _) => [Setting.Extreme(path, argument, -1)],
        ["$max"] = (path, argument, _) => [Setting.Extreme(path, argument, 1)],
        ["$bit"] = (path, argument, _) => [Calculating.Bit(path, argument)],
        ["$rename"] = (path, argument, _) => Renaming.Rename(path, argument),
        ["$currentDate"] = (path, argument, variables) => [Setting.CurrentDate(path, argument, variables)],
        ["$push"] = (path, argument, _) => [Adding.Push(path, argument)],
        ["$addToSet"] = (path, argument, _) => [Adding.AddToSet(path, argument)],
        ["$pop"] = (path, argument, _) => [Removing.Pop(path, argument)],
        ["$pull"] = (path, argument, variables) => [Removing.Pull(path, argument, variables)],
        ["$pullAll"] = (path, argument, _) => [Removing.PullAll(path, argument)],
    };

    private delegate IEnumerable<UpdateNode> Reader(string path, BsonValue argument, Variables variables);

    public static IEnumerable<string> Names => Modifiers.Keys;

    public static ModifierUpdate Parse(BsonDocument update, BsonArray? arrayFilters, Variables variables)
    {
        var tree = new TreeBuilder();
        var deep = false;
        foreach (var modifier in update)
        {
            var read = Modifiers.GetValueOrDefault(modifier.Name) ?? throw MongoError.FailedToParse(
                $"Unknown modifier: {modifier.Name}. Expected a valid update modifier or pipeline-style update specified as an array");
            var fields = Fields(modifier);
            deep |= modifier.Name == "$rename" || fields.Any(IsDeep);
            foreach (var node in fields.SelectMany(field => read(field.Name, field.Value, variables)))
            {
                tree.Add(node);
            }
        }

        return new ModifierUpdate(tree.Root, tree.UsesPositional, deep, ArrayFilters.Parse(arrayFilters, tree.Identifiers, update, variables));
    }

    /// <summary>Only such an update, or one that moves fields, can nest a document too deep; others need no look at the whole of it.</summary>
    private static bool IsDeep(BsonElement field) => field.Name.AsSpan().Count('.') > Depth.Stored / 3 || Depth.Exceeds(field.Value, Depth.Stored / 2);

    private static BsonDocument Fields(BsonElement modifier) => modifier.Value switch
    {
        BsonDocument { ElementCount: > 0 } fields => fields,
        BsonDocument => throw MongoError.FailedToParse($"'{modifier.Name}' is empty. You must specify a field like so: {{{modifier.Name}: {{<field>: ...}}}}"),
        var other => throw MongoError.FailedToParse(
            $"Modifiers operate on fields but we found type {TypeNames.Of(other)} instead. For example: {{$mod: {{<field>: ...}}}} not {{{ShellText.Element(modifier.Name, other)}}}"),
    };
}
