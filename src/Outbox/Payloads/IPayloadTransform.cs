namespace Outbox.Payloads;

/// <summary>
/// Changes payloads between the outbox and Kafka, and changes them back at endpoints. Register one with <c>o.Payloads(p => p.AddTransform&lt;T&gt;())</c> wherever it is needed, and name it for a topic with
/// <c>t.Transform("name")</c>. It is one object, which any number of messages use at once.
/// </summary>
public interface IPayloadTransform
{
    /// <summary>Its name in the header <c>payload.encoding</c>: small letters, digits, <c>.</c> and <c>-</c>. It never changes, because stored records have it.</summary>
    string Name { get; }

    /// <summary>Changes a payload that is about to be published.</summary>
    /// <param name="payload">The payload, as the transform before has left it.</param>
    /// <param name="context">The message; what undoing needs goes into its headers.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The changed payload; <see langword="null"/> leaves it as it is, and the record does not name the transform.</returns>
    /// <exception cref="PayloadUnavailableException">It cannot be done now: the topic waits.</exception>
    ValueTask<ReadOnlyMemory<byte>?> ApplyAsync(ReadOnlyMemory<byte> payload, PayloadContext context, CancellationToken cancellationToken);

    /// <summary>Changes a payload back that was consumed.</summary>
    /// <param name="payload">The payload as <see cref="ApplyAsync"/> has left it, or as somebody else has.</param>
    /// <param name="context">The message, with the headers that came.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="PayloadUnavailableException">It cannot be done now: the endpoint waits.</exception>
    /// <exception cref="PayloadException">It can never be done: the message is parked.</exception>
    ValueTask<ReadOnlyMemory<byte>> UndoAsync(ReadOnlyMemory<byte> payload, PayloadContext context, CancellationToken cancellationToken);
}
