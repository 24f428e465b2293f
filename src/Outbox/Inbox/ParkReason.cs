namespace Outbox.Inbox;

/// <summary>Why a consumed message is parked.</summary>
public enum ParkReason
{
    /// <summary>Its consumer failed, after all retries.</summary>
    Failed,

    /// <summary>It waits for a version of its entity that has not come yet.</summary>
    Gap,

    /// <summary>It queues behind a message of its entity that failed.</summary>
    Held,

    /// <summary>It could not be decoded.</summary>
    Unreadable,
}
