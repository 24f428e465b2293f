namespace Outbox.Inbox.Failing;

/// <summary>
/// The database answers, and has aborted one message's transaction again and again: its consumer caught an error that ends a transaction, or runs longer than the database allows.
/// That is a failure of the message, and no outage.
/// </summary>
/// <param name="message">What happened, and what to do.</param>
/// <param name="first">The first error.</param>
public sealed class TransactionAbortedException(string message, Exception? first = null) : OutboxException(message, first);
