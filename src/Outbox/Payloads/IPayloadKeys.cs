namespace Outbox.Payloads;

/// <summary>
/// Where the keys come from that payloads are encrypted with: a vault, a file, the configuration. It is asked for every message, so it should remember what it has. An error that it throws is nobody's
/// fault: the topic, or the endpoint, waits until it answers.
/// </summary>
public interface IPayloadKeys
{
    /// <summary>The id of the key that a topic's messages are encrypted with from now on. It is on every record, for all to read; to rotate, answer with another one.</summary>
    /// <param name="topic">The topic, as the service names it.</param>
    /// <param name="cancellationToken">Cancels the question.</param>
    ValueTask<string> CurrentAsync(string topic, CancellationToken cancellationToken);

    /// <summary>A key by its id: also one that nothing is encrypted with any more, for as long as records, parked messages and claims have it.</summary>
    /// <param name="keyId">The id.</param>
    /// <param name="cancellationToken">Cancels the question.</param>
    /// <returns>16, 24 or 32 random bytes; <see langword="null"/> where there is no such key.</returns>
    ValueTask<ReadOnlyMemory<byte>?> FindAsync(string keyId, CancellationToken cancellationToken);
}
