using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Language.Stages.Writing;

namespace Outbox.Embedded.MongoDb.Commands.Outputs;

/// Writes what a pipeline yields to where its last stage says.
internal static class OutputWriter
{
    private static readonly HashSet<string> Internal = ["admin", "config", "local"];

    public static ValueTask WriteAsync(CommandContext context, OutputStage output, IEnumerable<BsonDocument> documents)
    {
        if (context.InTransaction)
        {
            throw new MongoError(263, "OperationNotSupportedInTransaction", $"Stage not supported inside of a multi-document transaction: {output.Name}");
        }

        if (context.ReadConcern.Level == "linearizable")
        {
            throw MongoError.InvalidOptions($"{output.Name} cannot be used with a 'linearizable' read concern level");
        }

        if (!context.Server.Node.IsPrimary)
        {
            throw new MongoError(10107, "NotWritablePrimary", "not master");
        }

        context.Writes = true;
        var target = Target(context, output);
        return output is MergeStage merge ? new MergeWriter(context, target, merge).RunAsync(documents) : new OutWriter(context, target).RunAsync(documents);
    }

    private static Namespace Target(CommandContext context, OutputStage output)
    {
        var target = new Namespace(output.Target.Database ?? context.Database, output.Target.Collection);
        var replaces = output is OutStage;
        if (target.Collection.StartsWith("system.", StringComparison.Ordinal))
        {
            throw MongoError.Location(replaces ? 17385 : 31319, $"Cannot {output.Name} to special collection: {target.Collection}");
        }

        if (Internal.Contains(target.Database))
        {
            throw MongoError.Location(replaces ? 31321 : 31320, $"Cannot {output.Name} to internal database: {target.Database}");
        }

        target.Check();
        return target;
    }
}
