using Outbox.Delivery.Reporting;

namespace Outbox.Operations.Explaining.Facts;

/// <summary>Who relays a lane, and what the relays of the service have found.</summary>
/// <param name="Lane">The lane.</param>
/// <param name="Owner">Who has it, or had it last; <see langword="null"/> if nobody ever had.</param>
/// <param name="ExpiresAt">When its lease ends, or has ended.</param>
/// <param name="OwnerSeenAt">When its owner was heard of last; <see langword="null"/> if it has left, or is forgotten.</param>
internal sealed record LaneFacts(int Lane, string? Owner, DateTimeOffset ExpiresAt, DateTimeOffset? OwnerSeenAt)
{
    /// <summary>A relay that has not been heard of for so long is gone, or hangs: it says so five times in a lease, and leases are seldom longer.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    /// <summary>How many relays have been heard of just now.</summary>
    public int Relays { get; init; }

    /// <summary>When any relay was heard of last.</summary>
    public DateTimeOffset? AnySeenAt { get; init; }

    /// <summary>The places to which nothing gets through.</summary>
    public IReadOnlyList<(ReportedPlace Place, DateTimeOffset Since)> Places { get; init; } = [];

    /// <summary>The messages that fail and are tried again.</summary>
    public IReadOnlyList<(ReportedFailure Failure, DateTimeOffset Since)> Failing { get; init; } = [];
}
