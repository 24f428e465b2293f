namespace Outbox.Inbox.Replaying;

/// <summary>An instance that did the work of a replay does it no longer: another one has taken over, or the replay was cancelled.</summary>
/// <param name="endpoint">The endpoint.</param>
public sealed class ReplayLostException(string endpoint) : OutboxException($"Another instance has taken over the replay of endpoint '{endpoint}', or it was cancelled.");
