using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Clients;
using Outbox.Embedded.MongoDb.Commands;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Faults;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Protocol;
using Outbox.Embedded.MongoDb.Replication;
using Outbox.Embedded.MongoDb.Storage;
using Outbox.Embedded.MongoDb.Timing;

namespace Outbox.Embedded.MongoDb.Serving;

/// Runs one command: faults that a test asked for, the session, the command itself, the write concern, and the error as MongoDB tells it.
internal sealed class CommandProcessor(ServerState server)
{
    /// The answer, or null when the connection is to be closed without one.
    public async ValueTask<Reply?> RunAsync(Client client, Request request, CancellationToken cancellation)
    {
        var name = request.Command.GetElement(0).Name;
        await server.Interruptions.Running.WaitAsync(cancellation).ConfigureAwait(false);
        if (request.Command.GetValue("client", null) is BsonDocument introduced && introduced.GetValue("application", null) is BsonDocument application)
        {
            client.AppName = application.GetValue("name", null) is BsonString app ? app.Value : null;
        }

        var failing = server.FailPoints.Next(name, client.AppName);
        var chance = server.Interruptions.Chance(name);
        if (failing is { Block.Ticks: > 0 })
        {
            await Task.Delay(failing.Block, server.Clock.Time, cancellation).ConfigureAwait(false);
        }

        if (failing is { CloseConnection: true } || chance == DropMoment.Before || server.Interruptions.Drops(DropMoment.Before, name))
        {
            return null;
        }

        var delay = server.Interruptions.DelayOf(name);
        var reply = await AnswerAsync(client, request, failing, cancellation).ConfigureAwait(false);
        if (delay is { } late)
        {
            await Task.Delay(late, server.Clock.Time, cancellation).ConfigureAwait(false);
        }

        return reply is null || chance == DropMoment.After || server.Interruptions.Drops(DropMoment.After, name) ? null : reply;
    }

    private async ValueTask<Reply?> AnswerAsync(Client client, Request request, FailCommand? failing, CancellationToken cancellation)
    {
        CommandContext? context = null;
        CommandSpec? spec = null;
        Reply reply;
        try
        {
            spec = CommandTable.Find(request.Command.GetElement(0).Name);
            context = Open(client, request, cancellation);
            if (failing?.ErrorCode is { } code)
            {
                throw new MongoError(code, CodeNames.Of(code), $"Failing command via 'failCommand' failpoint: {spec.Name}", [.. failing.Labels ?? []]);
            }

            Check(context, spec);
            reply = await RunInSessionAsync(context, spec, failing).ConfigureAwait(false);
            AddTopology(reply, reply.Fields.GetValue("writeConcernError", null)?.AsBsonDocument.GetValue("code", 0).ToInt32() ?? 0);
        }
        catch (MongoError error)
        {
            IEnumerable<string> labels = context is null || spec is null || failing?.Labels is not null ? [] : ErrorLabels.For(error.Code, context, spec);
            reply = Reply.Error(error, labels);
            AddTopology(reply, error.Code);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            reply = Reply.Error(new MongoError(1, "InternalError", $"{error.GetType().Name}: {error.Message}"), []);
        }

        return context is { LosesConnection: true } ? null : Complete(context, reply);
    }

    private void AddTopology(Reply reply, int code)
    {
        if (ErrorKinds.IsNotPrimary(code))
        {
            reply.Fields["topologyVersion"] = server.Node.TopologyVersion;
        }
    }

    private CommandContext Open(Client client, Request request, CancellationToken cancellation)
    {
        var command = request.Command;
        var limit = command.GetElement(0).Name != "getMore" && command.OptionalLong("maxTimeMS") is > 0 and var ms ? TimeSpan.FromMilliseconds(ms) : (TimeSpan?)null;
        return new CommandContext(server, client, request, new Budget(server.Clock.Time, limit, cancellation))
        {
            ReadConcern = ReadConcern.Parse(command),
            WriteConcern = WriteConcern.Parse(command),
            Number = command.OptionalLong("txnNumber"),
            InTransaction = command.Optional("autocommit") is BsonBoolean { Value: false },
        };
    }

    private void Check(CommandContext context, CommandSpec spec)
    {
        CommandTable.CheckFields(spec, context.Command);
        if (spec.Is(Traits.Admin) && context.Database != "admin")
        {
            throw new MongoError(13, "Unauthorized", $"{spec.Name} may only be run against the admin database.");
        }

        if (!server.Node.IsPrimary)
        {
            RefuseOnSecondary(context, spec);
        }
    }

    private static void RefuseOnSecondary(CommandContext context, CommandSpec spec)
    {
        if (spec.Is(Traits.Write))
        {
            throw new MongoError(10107, "NotWritablePrimary", "not master");
        }

        var mode = context.Command.OptionalDocument("$readPreference")?.OptionalString("mode") ?? "primary";
        if (spec.Is(Traits.Read) && mode == "primary")
        {
            throw new MongoError(13435, "NotPrimaryNoSecondaryOk", "not master and slaveOk=false");
        }
    }

    private async ValueTask<Reply> RunInSessionAsync(CommandContext context, CommandSpec spec, FailCommand? failing)
    {
        if (context.Command.OptionalDocument("lsid") is { } lsid)
        {
            context.Session = server.Sessions.Find(lsid);
        }

        context.Session?.Enter(context.Budget);
        try
        {
            var reply = await RunAsync(context, spec).ConfigureAwait(false);
            await WriteConcerns.SettleAsync(context, spec, reply, failing).ConfigureAwait(false);
            return reply;
        }
        finally
        {
            context.Session?.Leave(context.Budget);
            if (context.Session is { Ended: true } ended)
            {
                server.Sessions.AbortOpen(ended);
            }
        }
    }

    private async ValueTask<Reply> RunAsync(CommandContext context, CommandSpec spec)
    {
        await SessionRules.AwaitClusterTimeAsync(context).ConfigureAwait(false);
        if (context.Number is not { } number || context.Session is not { } session)
        {
            SessionRules.RequireNoTransaction(context, spec);
            return await spec.Run(context).ConfigureAwait(false);
        }

        await context.Budget.EnterAsync(session.Busy).ConfigureAwait(false);
        try
        {
            SessionRules.Join(context, spec, session, number);
            return await spec.Run(context).ConfigureAwait(false);
        }
        catch (Exception) when (context.Transaction is { State: TransactionState.Active } open)
        {
            server.Store.Writes.Abort(open);
            throw;
        }
        finally
        {
            session.Busy.Release();
        }
    }

    private Reply Complete(CommandContext? context, Reply reply)
    {
        if (!reply.Fields.Contains("ok"))
        {
            reply.Fields.Add("ok", 1d);
        }

        var last = server.Store.ReadLast();
        var operation = context is { OperationTime: > 0 } ? context.OperationTime : context is { ReadConcern.Majority: true } ? server.Store.ReadMajority() : last;
        var signature = new BsonDocument { { "hash", new BsonBinaryData(new byte[20]) }, { "keyId", 0L } };
        reply.Fields.Add("$clusterTime", new BsonDocument { { "clusterTime", Timestamps.ToBson(last) }, { "signature", signature } });
        reply.Fields.Add("operationTime", Timestamps.ToBson(operation));
        return reply;
    }
}
