using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Clients;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Protocol;
using Outbox.Embedded.MongoDb.Replication;
using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb.Commands.Admin;

/// How the server introduces itself: the primary of a replica set of one, as a MongoDB 4.4; or, where a test asks for it, the router of a sharded cluster.
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
        var node = context.Server.Node;
        var reply = new BsonDocument
        {
            { "topologyVersion", node.TopologyVersion },
            { context.Name == "hello" ? "isWritablePrimary" : "ismaster", node.IsPrimary },
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
        return node.IsRouter ? reply.Add("msg", "isdbgrid") : reply.Merge(Membership(node, context.Store), overwriteExistingElements: false);
    }

    private static BsonDocument Membership(Node node, Store store)
    {
        var last = Timestamps.ToBson(store.ReadLast());
        var member = new BsonDocument
        {
            { "hosts", new BsonArray { node.Address } },
            { "setName", Node.SetName },
            { "setVersion", 1 },
            { "secondary", !node.IsPrimary },
            { "me", node.Address },
            {
                "lastWrite", new BsonDocument
                {
                    { "opTime", new BsonDocument { { "ts", last }, { "t", node.Term } } },
                    { "lastWriteDate", DateTimeOffset.FromUnixTimeSeconds(last.Timestamp).UtcDateTime },
                }
            },
        };
        if (node.IsPrimary)
        {
            member.Add("primary", node.Address);
            member.Add("electionId", node.ElectionId);
        }

        return member;
    }
}
