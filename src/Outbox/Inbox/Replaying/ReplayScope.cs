namespace Outbox.Inbox.Replaying;

/// <summary>Says that a message comes while its endpoint is replayed; a payload of the receive context.</summary>
/// <param name="Generation">The replay. A record of an earlier one does not make the message a duplicate.</param>
/// <param name="WasCommitted">Whether the group had committed its offset before, so that it was processed even where its record has expired; unless it is parked.</param>
/// <param name="Place">The message's place.</param>
public sealed record ReplayScope(int Generation, bool WasCommitted, PartitionOffset Place);
