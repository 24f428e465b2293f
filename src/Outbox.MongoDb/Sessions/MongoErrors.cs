using MongoDB.Driver;

namespace Outbox.MongoDb.Sessions;

/// <summary>Tells errors that pass by themselves from those that say something about what was asked.</summary>
internal static class MongoErrors
{
    private const string Driver = "MongoDB.Driver";

    private const int Interrupted = 11601;

    /// <summary>An election, a server that shuts down or does not answer, a connection that breaks: the same may be asked again. A user that is refused stays refused.</summary>
    public static bool IsPassing(Exception error) => error switch
    {
        // The driver wraps whatever ends an authentication: a connection that breaks, too.
        MongoAuthenticationException or MongoConnectionException { InnerException: MongoAuthenticationException } => error.InnerException is { } cause && IsPassing(cause),
        MongoConnectionException or MongoNotPrimaryException or MongoNodeIsRecoveringException or MongoConnectionPoolPausedException or MongoWaitQueueFullException => true,

        // No server could be selected, or the driver's own time for an operation was over. A consumer's timeout comes from another assembly.
        TimeoutException timeout => timeout.Source?.StartsWith(Driver, StringComparison.Ordinal) == true,
        _ => false,
    };

    /// <summary>Whether running a transaction again can help against an error of one of its operations, although neither the server nor the driver says so.</summary>
    public static bool MayRunAgain(Exception error, IClientSession session) => IsInterrupted(error) || IsUnsent(error, session);

    /// <summary>
    /// Whether somebody ended a command: its session was killed, as other instances do with one whose heartbeat has run out, or an administrator killed it. Its transaction is aborted. The next command of the
    /// transaction would be told so by an error that has the label; the one that was running is not.
    /// </summary>
    public static bool IsInterrupted(Exception error) => error is MongoCommandException { Code: Interrupted };

    /// <summary>
    /// Whether an operation of a session's cluster failed before it had a connection: none was free, the pool was paused, or none could be opened. Nothing of it was sent. The specification of transactions counts
    /// such an error as transient; the driver gives it no label of transactions, and so gives the transaction up for it. (An operation without a transaction that the driver cannot repeat looks the same when its
    /// connection breaks.)
    /// </summary>
    public static bool IsUnsent(Exception error, IClientSession session) => error switch
    {
        MongoConnectionPoolPausedException or MongoWaitQueueFullException => true,
        // What the driver has begun to send, it labels.
        MongoConnectionException connection => !TransactionLabels.AreOn(connection) && IsPassing(connection)
            && connection.ConnectionId?.ServerId.ClusterId.Equals(session.Client.Cluster.ClusterId) == true,
        _ => false,
    };
}
