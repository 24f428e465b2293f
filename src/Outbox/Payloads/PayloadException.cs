namespace Outbox.Payloads;

/// <summary>A payload can never be changed back: it was tampered with, is too large, or names what this service does not know. The message is parked.</summary>
/// <param name="message">What is wrong, and what to do.</param>
/// <param name="innerException">What caused it.</param>
public sealed class PayloadException(string message, Exception? innerException = null) : OutboxException(message, innerException);
