using Outbox.Embedded.MongoDb.Commands;
using Outbox.Embedded.MongoDb.Commands.Admin;
using Outbox.Embedded.MongoDb.Commands.Reads;
using Outbox.Embedded.MongoDb.Commands.Schema;
using Outbox.Embedded.MongoDb.Commands.Writes;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Protocol;

namespace Outbox.Embedded.MongoDb.Serving;

/// Every command that this server understands.
internal static class CommandTable
{
    private static readonly HashSet<string> Generic =
    [
        "$db", "lsid", "$clusterTime", "txnNumber", "autocommit", "startTransaction", "readConcern", "writeConcern", "maxTimeMS", "comment",
        "$readPreference", "$audit", "$client", "$configServerState", "helloOk", "stmtId", "stmtIds",
    ];

    private static readonly Dictionary<string, CommandSpec> Commands = new CommandSpec[][]
        {
            [.. HelloCommands.All],
            [.. DiagnosticCommands.All],
            [.. SessionCommands.All],
            [.. FaultCommands.All],
            [InsertCommand.Spec, UpdateCommand.Spec, DeleteCommand.Spec],
            [.. FindAndModifyCommand.All],
            [FindCommand.Spec, AggregateCommand.Spec, CountCommand.Spec, DistinctCommand.Spec, ExplainCommand.Spec],
            [.. CursorCommands.All],
            [.. CollectionCommands.All, RenameCommand.Spec],
            [.. StatsCommands.All],
            [.. IndexCommands.All],
        }
        .SelectMany(family => family).ToDictionary(spec => spec.Name, StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Names => Commands.Keys;

    public static CommandSpec Find(string name) => Commands.GetValueOrDefault(name)
        ?? throw new MongoError(59, "CommandNotFound", $"no such command: '{name}'");

    public static void CheckFields(CommandSpec spec, MongoDB.Bson.BsonDocument command)
    {
        for (var i = 1; i < command.ElementCount; i++)
        {
            var name = command.GetElement(i).Name;
            if (command.IndexOfName(name) != i)
            {
                throw MongoError.Location(40413, $"BSON field '{spec.Name}.{name}' is a duplicate field");
            }

            if (!Generic.Contains(name) && Array.IndexOf(spec.Fields, name) < 0)
            {
                throw spec.ParsesByHand
                    ? MongoError.FailedToParse($"Unrecognized field '{name}', or not supported by the embedded server.")
                    : MongoError.Location(40415, $"BSON field '{spec.Name}.{name}' is an unknown field, or not supported by the embedded server.");
            }
        }

        command.RefuseCollation();
    }
}
