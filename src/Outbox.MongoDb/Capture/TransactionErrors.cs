using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.Capture;

/// <summary>
/// Any error of an operation aborts its transaction on the server, and the driver forgets it. A callback that catches it goes on in a transaction that is no more: whatever comes next is
/// answered with NoSuchTransaction, which counts as transient, so the driver would run the callback again for two minutes, and end with an error that says nothing of the first. So the first
/// one is remembered here, by the flow of execution that it is thrown in. Command events would do too, but a service's own client may be without them.
/// </summary>
internal static class TransactionErrors
{
    private const int NoSuchTransaction = 251;

    static TransactionErrors() => AppDomain.CurrentDomain.FirstChanceException += (_, thrown) =>
    {
        if (thrown.Exception is MongoException error && AmbientTransaction.Current is MongoOutboxTransaction transaction)
        {
            transaction.Note(error);
        }
    };

    /// <summary>Starts to remember.</summary>
    public static void Watch()
    {
        // The constructor has done it.
    }

    /// <summary>Whether an error says that its transaction was aborted before, by another one.</summary>
    public static bool SaysAborted(MongoException error) => error is MongoCommandException { Code: NoSuchTransaction };

    /// <summary>Whether the transaction may go well when it is run again.</summary>
    public static bool IsTransient(MongoException error, IClientSession session) => error.HasErrorLabel(TransactionLabels.Transient) || MongoErrors.MayRunAgain(error, session);

    /// <summary>What was caught in the callback or around a nested call, and must not have been: the driver runs the transaction again for it.</summary>
    public static MongoException? WronglyCaught(MongoOutboxTransaction transaction) =>
        transaction.Buffer.Failure is MongoException failure && IsTransient(failure, transaction.Handle) ? failure
        : transaction.Lost is { } lost && IsTransient(lost, transaction.Handle) ? lost
        : null;

    /// <summary>The error inside of one that is not the driver's, for which the driver would run the transaction again.</summary>
    public static MongoException? WrappedTransient(Exception error, IClientSession session)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is MongoException found)
            {
                return !ReferenceEquals(found, error) && IsTransient(found, session) ? found : null;
            }
        }

        return null;
    }

    /// <summary>Asks the server, when the callback has met an error and has returned all the same.</summary>
    /// <exception cref="MongoCommandException">The transaction was aborted.</exception>
    public static Task ProbeAsync(OutboxCollections collections, MongoOutboxTransaction transaction, CancellationToken cancellationToken) => transaction.FirstError is null
        ? Task.CompletedTask
        : collections.EntityVersions.Find(transaction.Handle, new BsonDocument("_id", "")).Limit(1).AnyAsync(cancellationToken);

    /// <summary>What ended a transaction that turned out to be aborted, unless running it again can help.</summary>
    public static OutboxException? CauseOf(MongoException error, MongoOutboxTransaction transaction) =>
        SaysAborted(error) && transaction.FirstError is { } first && !ReferenceEquals(first, error) && !IsTransient(first, transaction.Handle)
            ? new OutboxException(
                $"The transaction was not committed: an operation in it failed, \"{first.Message}\", and MongoDB has aborted it then. The error was caught, but nothing that comes after it can be part "
                + "of the transaction. Let the error pass, or look for what would cause it before you write.",
                first)
            : null;
}
