namespace Outbox.Operations.Failures;

/// <summary>What is known of a parked message's failures. It is kept when the message is retried and parked again.</summary>
public sealed record FailureRecord
{
    /// <summary>Nothing is known, as of messages that an earlier version parked.</summary>
    public static FailureRecord None { get; } = new();

    /// <summary>The group of its last error.</summary>
    /// <value>The default value is <see cref="FailureGroup.Ungrouped"/>.</value>
    public string Group { get; init; } = FailureGroup.Ungrouped;

    /// <summary>What a person calls the group.</summary>
    public string Title { get; init; } = "Parked by an earlier version, which did not group errors";

    /// <summary>When it was parked for the first time.</summary>
    public DateTimeOffset? FirstFailedAt { get; init; }

    /// <summary>When a person had it tried again last.</summary>
    public DateTimeOffset? LastRetriedAt { get; init; }

    /// <summary>How often a person had it tried again.</summary>
    public int Retries { get; init; }

    /// <summary>The bulk operation that had it tried again last.</summary>
    public string? OperationId { get; init; }
}
