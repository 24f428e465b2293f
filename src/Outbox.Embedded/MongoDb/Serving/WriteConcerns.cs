using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Commands;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Faults;
using Outbox.Embedded.MongoDb.Protocol;
using Outbox.Embedded.MongoDb.Replication;

namespace Outbox.Embedded.MongoDb.Serving;

/// Waits until a write is as safe as its client asked.
internal static class WriteConcerns
{
    public static async ValueTask SettleAsync(CommandContext context, CommandSpec spec, Reply reply, FailCommand? failing)
    {
        if (!(spec.Is(Traits.Write) || context.Writes) || await ErrorAsync(context, spec, failing).ConfigureAwait(false) is not { } error)
        {
            return;
        }

        reply.Fields["writeConcernError"] = error;
        var labels = failing?.Labels ?? Labels(error, context, spec);
        if (labels.Count > 0)
        {
            reply.Fields["errorLabels"] = new BsonArray(labels);
        }
    }

    /// A statement of a transaction waits for nothing, but can be made to fail.
    private static async ValueTask<BsonDocument?> ErrorAsync(CommandContext context, CommandSpec spec, FailCommand? failing) =>
        failing?.WriteConcernError is { } ordered ? ordered.DeepClone().AsBsonDocument
        : context.InTransaction && !spec.Is(Traits.EndsTransaction) ? null
        : await WaitOrEndAsync(context).ConfigureAwait(false);

    private static List<string> Labels(BsonDocument error, CommandContext context, CommandSpec spec) =>
        [.. ErrorLabels.For(error.GetValue("code", 0).ToInt32(), context, spec).Where(label => label == ErrorLabels.Retryable)];

    /// The write is made, whatever ends the wait for a majority.
    private static async ValueTask<BsonDocument?> WaitOrEndAsync(CommandContext context)
    {
        try
        {
            return await WaitAsync(context).ConfigureAwait(false);
        }
        catch (MongoError error) when (error.Code is 50 or 11601)
        {
            return new BsonDocument { { "code", error.Code }, { "codeName", CodeNames.Of(error.Code) }, { "errmsg", error.Message } };
        }
    }

    private static async ValueTask<BsonDocument?> WaitAsync(CommandContext context)
    {
        var concern = context.WriteConcern;
        if (concern.Nodes > 1)
        {
            return new BsonDocument { { "code", 100 }, { "codeName", "UnsatisfiableWriteConcern" }, { "errmsg", "Not enough data-bearing nodes" } };
        }

        if (!concern.Majority)
        {
            return null;
        }

        var store = context.Store;
        var wanted = context.OperationTime > 0 ? context.OperationTime : store.ReadLast();
        var limit = concern.Timeout is { } timeout ? Task.Delay(timeout, context.Server.Clock.Time, context.Budget.Cancellation) : null;
        while (true)
        {
            var next = store.Advanced.Next;
            var (majority, rollbacks) = store.ReadSafety();
            if (rollbacks != context.RollbacksBefore)
            {
                throw new MongoError(11602, "InterruptedDueToReplStateChange", "The write was rolled back while it waited for a majority");
            }

            if (majority >= wanted)
            {
                return null;
            }

            var waiting = context.Budget.WaitAsync(next).AsTask();
            if (await Task.WhenAny(waiting, limit ?? waiting).ConfigureAwait(false) == limit)
            {
                return TimedOut(concern);
            }

            await waiting.ConfigureAwait(false);
        }
    }

    private static BsonDocument TimedOut(WriteConcern concern) => new()
    {
        { "code", 64 },
        { "codeName", "WriteConcernFailed" },
        { "errmsg", "waiting for replication timed out" },
        { "errInfo", new BsonDocument { { "wtimeout", true }, { "writeConcern", (BsonValue?)concern.Source ?? BsonNull.Value } } },
    };
}
