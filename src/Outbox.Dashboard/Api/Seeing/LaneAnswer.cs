using Outbox.Operations.Seeing;

namespace Outbox.Dashboard.Api.Seeing;

/// <summary>A lane, and who publishes its messages.</summary>
internal sealed record LaneAnswer(int Number, long Epoch)
{
    public string? Owner { get; init; }

    public string? LastOwner { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public long? Pending { get; init; }

    public static LaneAnswer Of(LaneStatus lane) => new(lane.Number, lane.Epoch) { Owner = lane.Owner, LastOwner = lane.LastOwner, ExpiresAt = lane.ExpiresAt, Pending = lane.Pending };
}
