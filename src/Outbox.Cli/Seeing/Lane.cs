using Outbox.Operations.Seeing;

namespace Outbox.Cli.Seeing;

/// <summary>A lane, as programs read it.</summary>
/// <param name="Number">The lane.</param>
/// <param name="Owner">The relay that has its lease; nobody, where that has ended.</param>
/// <param name="Epoch">How often it was taken over.</param>
/// <param name="ExpiresAt">When the lease ends, or ended; 1970 where nobody ever had it.</param>
internal sealed record Lane(int Number, string? Owner, long Epoch, DateTimeOffset ExpiresAt)
{
    /// <summary>The relay that had it last, where it has no owner.</summary>
    public string? LastOwner { get; init; }

    /// <summary>How many messages wait in it, up to a limit.</summary>
    public long? Pending { get; init; }

    public static Lane Of(LaneStatus lane) => new(lane.Number, lane.Owner, lane.Epoch, lane.ExpiresAt ?? DateTimeOffset.UnixEpoch) { LastOwner = lane.LastOwner, Pending = lane.Pending };
}
