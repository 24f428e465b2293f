namespace Outbox.History.Projecting;

/// <summary>How a version of a read model stands.</summary>
/// <param name="Name">The read model.</param>
/// <param name="Version">The version.</param>
/// <param name="Endpoint">What it is called in the inbox, and as a Kafka group; its rows' collection too. A version that was built again has several.</param>
/// <param name="State">What it is doing.</param>
/// <param name="IsActive">Whether readers use it.</param>
public sealed record ProjectionStatus(string Name, int Version, string Endpoint, ProjectionState State, bool IsActive)
{
    /// <summary>How many events of the history were read for building it.</summary>
    public long Read { get; init; }

    /// <summary>About how many there are; 0 where it is not built from history.</summary>
    public long Total { get; init; }

    /// <summary>Whether the history was read to its end.</summary>
    public bool IsScanned { get; init; }

    /// <summary>How many messages of its topic are left to do; <see langword="null"/> where nobody knows, or it reads none.</summary>
    public long? Lag { get; init; }

    /// <summary>How many events are parked, up to a thousand: each holds up its entity's row, and nothing else.</summary>
    public long Parked { get; init; }

    /// <summary>When it was seen to move last while it was being built.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>From 0 to 1, how far the history was read.</summary>
    public double Progress => IsScanned || State != ProjectionState.Building ? 1 : Total == 0 ? 0 : Math.Min(1, (double)Read / Total);
}
