using Outbox.Embedded.MongoDb.Clients;
using Outbox.Embedded.MongoDb.Commands;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Protocol;

namespace Outbox.Embedded.MongoDb.Serving;

/// How a command becomes part of a transaction, or a retryable write.
internal static class SessionRules
{
    private const ulong YearAhead = 31_536_000UL << 32;

    public static void RequireNoTransaction(CommandContext context, CommandSpec spec)
    {
        if (context.Number is not null)
        {
            throw MongoError.InvalidOptions("Transaction number requires a session ID to also be specified");
        }

        if (context.InTransaction || context.Command.Contains("startTransaction"))
        {
            throw MongoError.InvalidOptions("'autocommit' and 'startTransaction' need a transaction number ('txnNumber') and a session ('lsid')");
        }

        if (context.ReadConcern.Snapshot)
        {
            throw MongoError.InvalidOptions($"readConcern level 'snapshot' is only valid in a transaction, not for {spec.Name}");
        }
    }

    public static void Join(CommandContext context, CommandSpec spec, Session session, long number)
    {
        if (!context.InTransaction)
        {
            JoinRetryable(context, spec, session, number);
            return;
        }

        RefuseOutsiders(context, spec);
        var sessions = context.Server.Sessions;
        if (context.Command.Flag("startTransaction"))
        {
            RefuseAsFirst(context, spec);
            context.Transaction = sessions.Begin(session, number, context.ReadConcern.Majority);
            return;
        }

        if (context.Command.OptionalDocument("readConcern")?.Contains("level") == true)
        {
            throw MongoError.InvalidOptions("Only the first command in a transaction may specify a readConcern");
        }

        var transaction = Sessions.Continue(session, number);
        if (!spec.Is(Traits.EndsTransaction))
        {
            lock (context.Store.Gate)
            {
                transaction.EnsureActive();
            }
        }

        context.Transaction = transaction;
    }

    /// A causally consistent read does not look behind what its session has seen.
    public static async ValueTask AwaitClusterTimeAsync(CommandContext context)
    {
        if (context.ReadConcern.AfterClusterTime is not { } after)
        {
            return;
        }

        var store = context.Store;
        if (after > store.ReadLast() + YearAhead)
        {
            throw new MongoError(128, "ClusterTimeFailsRateLimiter", "readConcern.afterClusterTime is too far ahead of the cluster's time");
        }

        if (after > store.ReadLast())
        {
            store.Tick(after);
        }

        while (context.ReadConcern.Majority)
        {
            var next = store.Advanced.Next;
            if (store.ReadMajority() >= after)
            {
                return;
            }

            await context.Budget.WaitAsync(next).ConfigureAwait(false);
        }
    }

    private static void RefuseOutsiders(CommandContext context, CommandSpec spec)
    {
        if (!spec.Is(Traits.Transactional))
        {
            throw Unsupported($"Cannot run '{spec.Name}' in a multi-document transaction.");
        }

        if (context.Database is "config" or "local" || (context.Database == "admin" && !spec.Is(Traits.EndsTransaction)))
        {
            throw Unsupported($"Cannot run command against the '{context.Database}' database in a transaction.");
        }

        if (context.Command.Contains("writeConcern") && !spec.Is(Traits.EndsTransaction))
        {
            throw MongoError.InvalidOptions("writeConcern is not allowed within a multi-statement transaction");
        }
    }

    private static void RefuseAsFirst(CommandContext context, CommandSpec spec)
    {
        if (spec.Is(Traits.EndsTransaction) || spec.Name == "killCursors")
        {
            throw Unsupported($"Cannot run {spec.Name} as the first operation in a multi-document transaction.");
        }

        if (!context.ReadConcern.SuitsTransactions)
        {
            throw MongoError.InvalidOptions("The readConcern level must be either 'local' (default), 'majority' or 'snapshot' in order to run in a transaction");
        }
    }

    private static MongoError Unsupported(string message) => new(263, "OperationNotSupportedInTransaction", message);

    private static void JoinRetryable(CommandContext context, CommandSpec spec, Session session, long number)
    {
        if (context.Command.Contains("startTransaction"))
        {
            throw MongoError.InvalidOptions("'startTransaction' needs 'autocommit: false'");
        }

        if (!spec.Is(Traits.Retryable))
        {
            throw MongoError.Location(50768, $"Transaction numbers are only allowed on commands that support retries or transactions, not on '{spec.Name}'");
        }

        context.Server.Sessions.BeginRetryableWrite(session, number);
    }
}
