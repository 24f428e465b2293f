namespace Outbox.Operations.Bulk;

/// <summary>How far a bulk operation is.</summary>
public enum BulkState
{
    /// <summary>No instance has begun.</summary>
    Waiting,

    /// <summary>An instance works on it; or the one that did is gone, and another goes on within a lease.</summary>
    Running,

    /// <summary>It came to its end.</summary>
    Done,

    /// <summary>A person ended it. What was done stays done.</summary>
    Cancelled,

    /// <summary>It ended without coming to its end: <see cref="BulkOperation.Error"/> says why. What was done stays done.</summary>
    Failed,
}
