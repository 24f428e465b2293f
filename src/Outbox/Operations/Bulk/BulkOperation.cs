namespace Outbox.Operations.Bulk;

/// <summary>A bulk operation and how far it is. Its times are the database server's.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="State">How far it is.</param>
/// <param name="StartedAt">When it was asked for. What is parked later is not part of it, also where it is one of its messages that failed again.</param>
public sealed record BulkOperation(string Id, BulkRequest Request, BulkState State, DateTimeOffset StartedAt)
{
    /// <summary>How many messages were found when it started; at most <see cref="BulkRequest.Limit"/>.</summary>
    public long Total { get; init; }

    /// <summary>How many were put back or given up; in the inbox, how many endpoints were asked to try again.</summary>
    public long Done { get; init; }

    /// <summary>How many of those failed again and are parked since. It counts those that no later operation has taken up.</summary>
    public long FailedAgain { get; init; }

    /// <summary>How many were left: somebody else had decided about them meanwhile, or it was refused (<see cref="Error"/> has the last refusal).</summary>
    public long Skipped { get; init; }

    /// <summary>Messages in a second, since an instance began.</summary>
    public double Rate { get; init; }

    /// <summary>When an instance began.</summary>
    public DateTimeOffset? BeganAt { get; init; }

    /// <summary>When something was done last.</summary>
    public DateTimeOffset? ProgressedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The instance that works on it, or did last.</summary>
    public string? Owner { get; init; }

    /// <summary>What went wrong last; also of an operation that goes on.</summary>
    public string? Error { get; init; }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => State is BulkState.Done or BulkState.Cancelled or BulkState.Failed;
}
