using MongoDB.Driver;
using Outbox.Inbox;

namespace Outbox.MongoDb.Inbox;

/// <summary>
/// MongoDB is unreachable, has no primary, or is shutting down: any message would fail now. What a message's own data causes (a duplicate key, a document
/// that is too large, a validation failure) is not an outage.
/// </summary>
internal sealed class MongoOutageDetector : IOutageDetector
{
    private const string Driver = "MongoDB.Driver";

    /// <inheritdoc/>
    public bool IsOutage(Exception error) => error switch
    {
        MongoConnectionException or MongoNotPrimaryException or MongoNodeIsRecoveringException or MongoConnectionPoolPausedException
            or MongoWaitQueueFullException => true,
        // No server could be selected, or the driver's own time for an operation was over. A consumer's timeout comes from another assembly.
        TimeoutException timeout => timeout.Source?.StartsWith(Driver, StringComparison.Ordinal) == true,
        MongoException labelled => labelled.HasErrorLabel("TransientTransactionError") || labelled.HasErrorLabel("UnknownTransactionCommitResult")
            || labelled.HasErrorLabel("RetryableWriteError"),
        _ => false,
    };
}
