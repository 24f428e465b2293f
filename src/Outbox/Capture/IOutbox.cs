namespace Outbox.Capture;

/// <summary>Writes state and outgoing messages in one database transaction.</summary>
public interface IOutbox
{
    /// <summary>
    /// Runs <paramref name="callback"/> in a transaction and commits its writes together with the messages that it published.
    /// Inside another <c>ExecuteAsync</c>, or inside a consumer with an inbox, it joins the transaction that is already there.
    /// </summary>
    /// <remarks>
    /// The callback may run again after a transient database error, with nothing left of its earlier attempt:
    /// keep it free of effects other than writes through the transaction. An error of the database that the callback catches has ended the transaction on the server all the same, and is
    /// thrown when the callback returns. When a nested call fails, the outermost one fails too, also if the error is caught in between: half of a callback's work is never committed.
    /// </remarks>
    /// <exception cref="OutboxException">A message could not be captured; nothing was committed.</exception>
    Task ExecuteAsync(Func<IOutboxTransaction, CancellationToken, Task> callback, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ExecuteAsync(Func{IOutboxTransaction, CancellationToken, Task}, CancellationToken)"/>
    /// <returns>What the committed run of the callback returned.</returns>
    Task<T> ExecuteAsync<T>(Func<IOutboxTransaction, CancellationToken, Task<T>> callback, CancellationToken cancellationToken = default);
}
