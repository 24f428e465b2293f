namespace Outbox.Operations.Auditing;

/// <summary>Which acts; all of them, where nothing is said.</summary>
public sealed record AuditFilter
{
    /// <summary>Only those of this person, by name.</summary>
    public string? By { get; init; }

    /// <summary>Only this act: one of <see cref="AuditActs"/>.</summary>
    public string? Act { get; init; }

    /// <summary>Only those on this message.</summary>
    public string? MessageId { get; init; }

    /// <summary>Only those on entities of this type.</summary>
    public string? EntityType { get; init; }

    /// <summary>Only those on the entities of this id.</summary>
    public string? EntityId { get; init; }

    /// <summary>Only those that are part of this bulk operation.</summary>
    public string? OperationId { get; init; }

    /// <summary>Only those of this moment or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only those before this moment.</summary>
    public DateTimeOffset? Before { get; init; }
}
