using MongoDB.Driver;

namespace Outbox.MongoDb.Sessions;

/// <summary>Tells errors that pass by themselves from those that say something about what was asked.</summary>
internal static class MongoErrors
{
    private const string Driver = "MongoDB.Driver";

    /// <summary>An election, a server that shuts down or does not answer, a connection that breaks: the same may be asked again. A user that is refused stays refused.</summary>
    public static bool IsPassing(Exception error) => error switch
    {
        MongoAuthenticationException or MongoConnectionException { InnerException: MongoAuthenticationException } => false,
        MongoConnectionException or MongoNotPrimaryException or MongoNodeIsRecoveringException or MongoConnectionPoolPausedException or MongoWaitQueueFullException => true,

        // No server could be selected, or the driver's own time for an operation was over. A consumer's timeout comes from another assembly.
        TimeoutException timeout => timeout.Source?.StartsWith(Driver, StringComparison.Ordinal) == true,
        _ => false,
    };

    /// <summary>
    /// Whether an operation failed before it had a connection: the pool was paused, or none could be opened. Nothing of it was sent. The specification of transactions counts such an error as transient; the driver
    /// gives it no label, and so gives a transaction up for it.
    /// </summary>
    public static bool IsUnsent(Exception error) =>
        error is MongoConnectionPoolPausedException || (error is MongoConnectionException { ErrorLabels.Count: 0 } && IsPassing(error));
}
