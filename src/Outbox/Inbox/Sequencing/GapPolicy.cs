namespace Outbox.Inbox.Sequencing;

/// <summary>What happens to messages whose predecessor has not come when their deadline is over, or when no more of them may wait.</summary>
public enum GapPolicy
{
    /// <summary>
    /// They wait on, and their entity with them, until the predecessor comes or a person decides. When no more may wait, the endpoint's next early message waits
    /// in Kafka, and its partition with it.
    /// </summary>
    Hold,

    /// <summary>The missing versions are given up and those that wait are processed. If a missing one comes after all, it is left out.</summary>
    Apply,

    /// <summary>The one that waits is given up too, and the entity goes on behind it.</summary>
    Skip,
}
