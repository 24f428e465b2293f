using Outbox.Operations.Failures;

namespace Outbox.Delivery.Operations;

/// <summary>Which parked messages of the outbox; all of them, where nothing is said.</summary>
public sealed record ParkedFilter
{
    /// <summary>Only those for this topic.</summary>
    public string? Topic { get; init; }

    /// <summary>Only those of entities of this type.</summary>
    public string? EntityType { get; init; }

    /// <summary>Only those of the entities of this id.</summary>
    public string? EntityId { get; init; }

    /// <summary>Only messages of this type, by its name.</summary>
    public string? Type { get; init; }

    /// <summary>Only those of this group of errors: <see cref="FailureGroup.Group"/>.</summary>
    public string? ErrorGroup { get; init; }

    /// <summary>Only those whose error has this text in it, in the same letters.</summary>
    public string? Error { get; init; }

    /// <summary>Only those parked at this moment or later.</summary>
    public DateTimeOffset? ParkedFrom { get; init; }

    /// <summary>Only those parked before this moment.</summary>
    public DateTimeOffset? ParkedBefore { get; init; }

    /// <summary>For a person: <c>topic "orders", group "54bb07c4a944"</c>, or <c>all</c>.</summary>
    public override string ToString() => FilterText.Of(
        ("topic", Topic), ("entity type", EntityType), ("entity", EntityId), ("type", Type), ("group", ErrorGroup), ("error", Error), ("from", ParkedFrom), ("before", ParkedBefore));
}
