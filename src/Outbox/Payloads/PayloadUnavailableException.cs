namespace Outbox.Payloads;

/// <summary>
/// What a payload needs, a key or a store, cannot be had now. That is no fault of the message: its topic, or the endpoint, waits and tries again, and nothing is parked for it.
/// </summary>
/// <param name="message">What is missing, and what to do.</param>
/// <param name="innerException">What caused it.</param>
public sealed class PayloadUnavailableException(string message, Exception? innerException = null) : OutboxException(message, innerException)
{
    /// <summary>The key that nobody knows here, where that is it: for it alone an endpoint does not wait for ever (<see cref="PayloadOptions.KeyPatience"/>).</summary>
    public string? UnknownKey { get; init; }
}
