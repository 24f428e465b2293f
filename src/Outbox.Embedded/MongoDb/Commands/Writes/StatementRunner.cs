using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Clients;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Protocol;
using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb.Commands.Writes;

/// Runs a write command's statements one after the other: ordered or not, each answered from the session's history when it is a retry.
internal sealed class StatementRunner(CommandContext context)
{
    private readonly BsonArray _errors = [];

    /// Calls `add` with each statement's answer, new or remembered, and its place in the command.
    public async ValueTask RunAsync(int count, Func<int, ValueTask<BsonDocument>> statement, Action<int, BsonDocument> add)
    {
        if (count is < 1 or > 100_000)
        {
            throw new MongoError(16, "InvalidLength", $"Write batch sizes must be between 1 and 100000. Got {count} operations.");
        }

        var ordered = context.Command.Flag("ordered", otherwise: true);
        for (var i = 0; i < count; i++)
        {
            try
            {
                add(i, await AnswerAsync(i, statement).ConfigureAwait(false));
            }
            catch (MongoError error) when (Belongs(error))
            {
                _errors.Add(Describe(i, error));
                if (ordered || context.InTransaction)
                {
                    break;
                }
            }
        }

        AbortOnError();
    }

    public Reply Reply(BsonDocument fields)
    {
        if (_errors.Count > 0)
        {
            fields.Add("writeErrors", _errors);
        }

        return new Reply(fields);
    }

    public async ValueTask<BsonDocument> AnswerAsync(int index, Func<int, ValueTask<BsonDocument>> statement)
    {
        if (!context.Retryable || context.Session is not { } session)
        {
            return await statement(index).ConfigureAwait(false);
        }

        var id = StatementId(index);
        if (session.AnsweredBefore(id) is { } before)
        {
            context.OperationTime = Math.Max(context.OperationTime, before.Timestamp);
            return before.Answer;
        }

        var failing = context.Server.FailPoints.NextRetryableWrite();
        context.LosesConnection |= failing is { KeepsConnection: false };
        if (failing?.CodeBeforeCommit is { } code)
        {
            throw new MongoError(code, CodeNames.Of(code), "Failing a retryable write before its commit via a fail point");
        }

        var answer = await statement(index).ConfigureAwait(false);
        session.Remember(id, new StatementResult(answer, context.OperationTime));
        return answer;
    }

    /// Errors of one statement are listed in the answer; what concerns the whole command, or its transaction, is the answer.
    private bool Belongs(MongoError error) => !ErrorKinds.IsInterruption(error.Code) && !ErrorKinds.IsNotPrimary(error.Code)
        && !(context.InTransaction && (ErrorKinds.IsTransient(error.Code) || error.Code == 256));

    private void AbortOnError()
    {
        if (_errors.Count > 0 && context.Transaction is { State: TransactionState.Active } open)
        {
            context.Store.Writes.Abort(open);
        }
    }

    private static BsonDocument Describe(int index, MongoError error)
    {
        var described = new BsonDocument { { "index", index }, { "code", error.Code } };
        return (error.Details is null ? described : described.Merge(error.Details)).Add("errmsg", error.Message);
    }

    private int StatementId(int index) => context.Command.OptionalArray("stmtIds") is { } ids && index < ids.Count
        ? ids[index].ToInt32()
        : (int)(context.Command.OptionalLong("stmtId") ?? 0) + index;
}
