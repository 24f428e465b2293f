using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Protocol;
using Outbox.Embedded.MongoDb.Replication;

namespace Outbox.Embedded.MongoDb.Commands.Admin;

/// What people and tools ask a server about itself.
internal static class DiagnosticCommands
{
    private const string Version = "4.4.29";

    public static IEnumerable<CommandSpec> All { get; } =
    [
        new("ping", Traits.None, _ => new(Reply.Ok())),
        new("buildInfo", Traits.None, BuildInfo),
        new("buildinfo", Traits.None, BuildInfo),
        new("getParameter", Traits.Admin, GetParameter, "featureCompatibilityVersion", "transactionLifetimeLimitSeconds", "enableTestCommands"),
        new("serverStatus", Traits.None, ServerStatus, "repl", "metrics", "locks", "wiredTiger", "tcmalloc"),
        new("replSetGetStatus", Traits.Admin, ReplicaSetStatus),
        new("connectionStatus", Traits.None, ConnectionStatus, "showPrivileges"),
        new("listDatabases", Traits.Admin | Traits.Read, ListDatabases, "nameOnly", "filter", "authorizedDatabases"),
    ];

    private static ValueTask<Reply> BuildInfo(CommandContext context) => new(new Reply(new BsonDocument
    {
        { "version", Version },
        { "versionArray", new BsonArray(Version.Split('.').Select(int.Parse).Append(0)) },
        { "modules", new BsonArray { "outbox-embedded" } },
        { "bits", 64 },
        { "maxBsonObjectSize", Raw.MaxDocumentSize },
    }));

    private static ValueTask<Reply> GetParameter(CommandContext context)
    {
        var known = new BsonDocument
        {
            { "featureCompatibilityVersion", new BsonDocument("version", "4.4") },
            { "transactionLifetimeLimitSeconds", (int)context.Server.Sessions.TransactionLifetime.TotalSeconds },
            { "enableTestCommands", true },
        };
        var asked = context.Command[0] == "*" ? known : new BsonDocument(known.Where(p => context.Command.Contains(p.Name)));
        return asked.ElementCount > 0 ? new(new Reply(asked)) : throw MongoError.InvalidOptions("no option found to get");
    }

    private static ValueTask<Reply> ServerStatus(CommandContext context) => new(new Reply(new BsonDocument
    {
        { "host", context.Server.Node.Address },
        { "version", Version },
        { "process", "outbox-embedded" },
        { "localTime", context.Server.Clock.Now },
        { "repl", new BsonDocument { { "setName", Node.SetName }, { "ismaster", context.Server.Node.IsPrimary }, { "me", context.Server.Node.Address } } },
        { "storageEngine", new BsonDocument { { "name", "embedded" }, { "supportsCommittedReads", true }, { "persistent", false } } },
        { "metrics", new BsonDocument("cursor", new BsonDocument("open", new BsonDocument("total", context.Server.Cursors.Count))) },
    }));

    private static ValueTask<Reply> ReplicaSetStatus(CommandContext context)
    {
        var primary = context.Server.Node.IsPrimary;
        var (majority, last) = (context.Store.ReadMajority(), context.Store.ReadLast());
        var member = new BsonDocument
        {
            { "_id", 0 },
            { "name", context.Server.Node.Address },
            { "health", 1d },
            { "state", primary ? 1 : 2 },
            { "stateStr", primary ? "PRIMARY" : "SECONDARY" },
            { "self", true },
        };
        return new(new Reply(new BsonDocument
        {
            { "set", Node.SetName },
            { "date", context.Server.Clock.Now },
            { "myState", primary ? 1 : 2 },
            { "term", context.Server.Node.Term },
            {
                "optimes", new BsonDocument
                {
                    { "lastCommittedOpTime", new BsonDocument { { "ts", Timestamps.ToBson(majority) }, { "t", context.Server.Node.Term } } },
                    { "appliedOpTime", new BsonDocument { { "ts", Timestamps.ToBson(last) }, { "t", context.Server.Node.Term } } },
                }
            },
            { "members", new BsonArray { member } },
        }));
    }

    private static ValueTask<Reply> ConnectionStatus(CommandContext context) => new(new Reply(new BsonDocument("authInfo", new BsonDocument
    {
        { "authenticatedUsers", new BsonArray() },
        { "authenticatedUserRoles", new BsonArray() },
    })));

    private static ValueTask<Reply> ListDatabases(CommandContext context)
    {
        var namesOnly = context.Command.Flag("nameOnly");
        var filter = Filter.Parse(context.Command.OptionalDocument("filter") ?? [], context.Variables);
        var databases = new BsonArray();
        var total = 0L;
        foreach (var database in context.Store.Catalog.All().GroupBy(c => c.Name.Database))
        {
            var size = database.Sum(c => c.DocumentBytes);
            var full = new BsonDocument { { "name", database.Key }, { "sizeOnDisk", size }, { "empty", false } };
            if (filter.Matches(full))
            {
                total += size;
                databases.Add(namesOnly ? new BsonDocument("name", database.Key) : full);
            }
        }

        var reply = new BsonDocument("databases", databases);
        return new(new Reply(namesOnly ? reply : reply.Add("totalSize", total)));
    }
}
