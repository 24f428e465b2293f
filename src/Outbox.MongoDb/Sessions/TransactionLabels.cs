namespace Outbox.MongoDb.Sessions;

/// <summary>What the server and the driver say of an error that a transaction ended with, as the specification of transactions names it.</summary>
internal static class TransactionLabels
{
    /// <summary>Run the whole transaction again: it may go well.</summary>
    public const string Transient = "TransientTransactionError";

    /// <summary>Nobody knows whether it was committed: commit again.</summary>
    public const string UnknownCommit = "UnknownTransactionCommitResult";
}
