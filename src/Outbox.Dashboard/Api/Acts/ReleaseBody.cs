namespace Outbox.Dashboard.Api.Acts;

/// <summary>Which sequence goes on without what it waits for, and why.</summary>
internal sealed record ReleaseBody
{
    /// <summary>The endpoint: its group.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The topic that the versions come from.</summary>
    public required string Topic { get; init; }

    /// <summary>The entity's type; none where nobody says.</summary>
    public string? EntityType { get; init; }

    /// <summary>The entity.</summary>
    public required string EntityId { get; init; }

    /// <summary>Why, for the log and the audit.</summary>
    public required string Reason { get; init; }
}
