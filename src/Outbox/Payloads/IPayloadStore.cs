namespace Outbox.Payloads;

/// <summary>
/// Keeps payloads that are too large for Kafka: the record has a reference to them. MongoDB's is there by itself and writes in the transaction that captures the message. A store of the user's is written
/// before that transaction commits, so it keeps what a rolled back one has left, and should let everything go by itself after a time that is longer than topics and outages last.
/// An error that it throws is nobody's fault: the capture fails, or the endpoint waits until it answers.
/// </summary>
public interface IPayloadStore
{
    /// <summary>Stores a payload under a new id.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    Task PutAsync(StoredPayload payload, CancellationToken cancellationToken);

    /// <summary>Reads a payload.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="length">How many bytes it has; more need not be read.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns><see langword="null"/> if it is not there, or not any more: the message is parked then.</returns>
    Task<ReadOnlyMemory<byte>?> GetAsync(string id, int length, CancellationToken cancellationToken);

    /// <summary>The messages of these payloads are on Kafka, or were dropped: from now on they may be removed after a time.</summary>
    /// <param name="ids">Their ids.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    Task PublishedAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>An endpoint has processed the message of this payload. When all of <see cref="StoredPayload.Readers"/> have, it may be removed. It may be said twice.</summary>
    /// <param name="id">The payload's id.</param>
    /// <param name="endpoint">The endpoint (its Kafka group).</param>
    /// <param name="cancellationToken">Cancels it.</param>
    Task ReadAsync(string id, string endpoint, CancellationToken cancellationToken) => Task.CompletedTask;
}
