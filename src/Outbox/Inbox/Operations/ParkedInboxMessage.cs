namespace Outbox.Inbox.Operations;

/// <summary>A consumed message that is parked.</summary>
/// <param name="Id">What to call it in <see cref="IInboxOperations"/>.</param>
/// <param name="Message">The message, whole, with the reason and the error.</param>
/// <param name="ParkedAt">Since when.</param>
/// <param name="RetryRequested">Whether its endpoint is about to try it again.</param>
public sealed record ParkedInboxMessage(string Id, ParkedMessage Message, DateTimeOffset ParkedAt, bool RetryRequested);
