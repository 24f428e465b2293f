namespace Outbox.Versioning;

/// <summary>How a consumer meets duplicates and disorder among the messages of one entity. Chosen for each message type.</summary>
public enum MessageOrdering
{
    /// <summary>
    /// Newest wins, by version: an older change is left out. For messages that carry the entity's whole state, or all that a consumer keeps of it.
    /// </summary>
    NewestVersion,

    /// <summary>
    /// Newest wins, by timestamp, for producers that count no versions. Of two changes with the same timestamp (to the millisecond) the one with the greater
    /// message id wins, whichever came first; a change without a timestamp is older than any with one.
    /// </summary>
    NewestTimestamp,

    /// <summary>The order of the partition is trusted: every change is applied as it comes, and only the last one's duplicate is left out.</summary>
    Partition,

    /// <summary>
    /// Each version is applied after the one before it, once, beginning with version 1. What comes too early waits in <c>inbox.parked</c>. For messages that tell
    /// what changed, and not what is. All message types of such a topic are in sequence, because they count the same versions.
    /// </summary>
    Sequence,
}
