using Outbox.History.Storing;

namespace Outbox.History.Replaying;

/// <summary>A replay of a topic's history, at the owner.</summary>
/// <param name="Into">Where it goes.</param>
/// <param name="RequestId">The request.</param>
/// <param name="Topic">The topic whose history it is.</param>
/// <param name="Endpoint">Who reads it.</param>
/// <param name="State">How far it is.</param>
public sealed record HistoryReplay(string Into, string RequestId, string Topic, string Endpoint, HistoryReplayState State)
{
    /// <summary>The last event that was published.</summary>
    public HistoryPlace? Place { get; init; }

    /// <summary>How many were.</summary>
    public long Events { get; init; }

    /// <summary>About how many there are; <see langword="null"/> until it begins.</summary>
    public long? Total { get; init; }

    /// <summary>When its last step was begun, by the database server's clock.</summary>
    public DateTimeOffset? SteppedAt { get; init; }

    /// <summary>Why it has failed, or waits: until a page gets through.</summary>
    public string? Error { get; init; }
}
