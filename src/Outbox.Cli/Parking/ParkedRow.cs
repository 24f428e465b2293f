using Outbox.Inbox;
using Outbox.Operations.Failures;

namespace Outbox.Cli.Parking;

/// <summary>A parked or discarded message in a list, as programs read it.</summary>
internal sealed record ParkedRow(string Id, Side Side, string Topic, ParkReason Reason, DateTimeOffset ParkedAt, string Error)
{
    public string? MessageId { get; init; }

    public string? Endpoint { get; init; }

    public string? EntityType { get; init; }

    public string? EntityId { get; init; }

    public long? Version { get; init; }

    public string? Type { get; init; }

    public int Attempts { get; init; }

    public bool HoldsEntity { get; init; }

    public bool RetryRequested { get; init; }

    public string ErrorGroup { get; init; } = "";

    public string ErrorTitle { get; init; } = "";

    public int Retries { get; init; }

    public DateTimeOffset? FirstFailedAt { get; init; }

    public DateTimeOffset? LastRetriedAt { get; init; }

    public DateTimeOffset? DiscardedAt { get; init; }

    public string? DiscardedBy { get; init; }

    public string? DiscardReason { get; init; }

    public static ParkedRow Of(Side side, ParkedSummary parked) => new(parked.Id, side, parked.Topic, parked.Reason, parked.ParkedAt, parked.Error)
    {
        MessageId = parked.MessageId,
        Endpoint = parked.Endpoint,
        EntityType = parked.EntityType,
        EntityId = parked.EntityId,
        Version = parked.Version,
        Type = parked.Type,
        Attempts = parked.Attempts,
        HoldsEntity = parked.HoldsEntity,
        RetryRequested = parked.RetryRequested,
        ErrorGroup = parked.Failure.Group,
        ErrorTitle = parked.Failure.Title,
        Retries = parked.Failure.Retries,
        FirstFailedAt = parked.Failure.FirstFailedAt,
        LastRetriedAt = parked.Failure.LastRetriedAt,
        DiscardedAt = parked.Discarded?.At,
        DiscardedBy = parked.Discarded?.By.ToString(),
        DiscardReason = parked.Discarded?.Reason,
    };
}
