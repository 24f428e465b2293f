namespace Outbox.Dashboard.Api.Bulk;

/// <summary>Why.</summary>
internal sealed record ReasonBody
{
    /// <summary>Why, for the log and the audit.</summary>
    public required string Reason { get; init; }
}
