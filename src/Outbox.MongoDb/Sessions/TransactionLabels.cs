using MongoDB.Driver;

namespace Outbox.MongoDb.Sessions;

/// <summary>What the server and the driver say of an error, as the specifications of transactions and of retryable writes name it.</summary>
internal static class TransactionLabels
{
    /// <summary>Run the whole transaction again: it may go well.</summary>
    public const string Transient = "TransientTransactionError";

    /// <summary>Nobody knows whether it was committed: commit again.</summary>
    public const string UnknownCommit = "UnknownTransactionCommitResult";

    /// <summary>The same write may go well when it is sent again.</summary>
    private const string RetryableWrite = "RetryableWriteError";

    /// <summary>Whether an error says that what was sent may go well another time.</summary>
    public static bool AreOn(MongoException error) => error.HasErrorLabel(Transient) || error.HasErrorLabel(UnknownCommit) || error.HasErrorLabel(RetryableWrite);
}
