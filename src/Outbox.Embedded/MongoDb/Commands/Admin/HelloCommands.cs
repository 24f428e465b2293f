using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Clients;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Protocol;
using Outbox.Embedded.MongoDb.Replication;

namespace Outbox.Embedded.MongoDb.Commands.Admin;

/// How the server introduces itself: the primary of a replica set of one, as a MongoDB 4.4.
internal static class HelloCommands
{
    public const int WireVersion = 9;

    private static readonly string[] Fields =
        ["client", "compression", "saslSupportedMechs", "speculativeAuthenticate", "topologyVersion", "maxAwaitTimeMS", "loadBalanced", "backpressure", "hostInfo", "forShell"];

    public static IEnumerable<CommandSpec> All { get; } =
        ((string[])["hello", "isMaster", "ismaster"]).Select(name => new CommandSpec(name, Traits.None, HelloAsync, Fields));

    private static async ValueTask<Reply> HelloAsync(CommandContext context)
    {
        if (context.Command.OptionalDocument("topologyVersion") is { } known && context.Command.OptionalLong("maxAwaitTimeMS") is { } wait)
        {
            await AwaitChangeAsync(context, known, TimeSpan.FromMilliseconds(Math.Clamp(wait, 0, 60_000))).ConfigureAwait(false);
        }

        return new Reply(Describe(context));
    }

    private static async ValueTask AwaitChangeAsync(CommandContext context, BsonDocument known, TimeSpan limit)
    {
        var node = context.Server.Node;
        var changed = node.Changed.Next;
        if (!node.IsCurrent(known))
        {
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.Budget.Cancellation);
        await Task.WhenAny(changed, Task.Delay(limit, context.Server.Clock.Time, ended.Token)).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        context.Budget.Cancellation.ThrowIfCancellationRequested();
    }

    private static BsonDocument Describe(CommandContext context)
    {
        var (node, store) = (context.Server.Node, context.Store);
        var primary = node.IsPrimary;
        var last = Timestamps.ToBson(store.ReadLast());
        var reply = new BsonDocument
        {
            { "topologyVersion", node.TopologyVersion },
            { "hosts", new BsonArray { node.Address } },
            { "setName", Node.SetName },
            { "setVersion", 1 },
            { context.Name == "hello" ? "isWritablePrimary" : "ismaster", primary },
            { "secondary", !primary },
            { "me", node.Address },
            {
                "lastWrite", new BsonDocument
                {
                    { "opTime", new BsonDocument { { "ts", last }, { "t", node.Term } } },
                    { "lastWriteDate", DateTimeOffset.FromUnixTimeSeconds(last.Timestamp).UtcDateTime },
                }
            },
            { "maxBsonObjectSize", Raw.MaxDocumentSize },
            { "maxMessageSizeBytes", MessageReader.MaxMessageSize },
            { "maxWriteBatchSize", 100_000 },
            { "localTime", context.Server.Clock.Now },
            { "logicalSessionTimeoutMinutes", (int)Sessions.Timeout.TotalMinutes },
            { "connectionId", context.Client.ConnectionId },
            { "minWireVersion", 0 },
            { "maxWireVersion", WireVersion },
            { "readOnly", false },
            { "helloOk", true },
        };
        if (primary)
        {
            reply.Add("primary", node.Address);
            reply.Add("electionId", node.ElectionId);
        }

        return reply;
    }
}
