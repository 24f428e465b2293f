namespace Outbox.Operations.Seeing;

/// <summary>A lane, and who publishes its messages.</summary>
/// <param name="Number">The lane.</param>
/// <param name="Owner">The relay that has its lease; <see langword="null"/> where that has ended.</param>
/// <param name="Epoch">How often it was taken over.</param>
/// <param name="ExpiresAt">When the lease ends, or ended; <see langword="null"/> where nobody ever had it.</param>
public sealed record LaneStatus(int Number, string? Owner, long Epoch, DateTimeOffset? ExpiresAt)
{
    /// <summary>The relay that had it last, where it has no owner.</summary>
    public string? LastOwner { get; init; }

    /// <summary>How many messages wait in it, up to <see cref="IOutboxOverview.MostCounted"/>; <see langword="null"/> if that could not be counted in time.</summary>
    public long? Pending { get; init; }
}
