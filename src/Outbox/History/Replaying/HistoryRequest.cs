namespace Outbox.History.Replaying;

/// <summary>A history that was asked for, as far as the owner has said.</summary>
/// <param name="Into">Where it goes.</param>
/// <param name="RequestId">The request.</param>
/// <param name="Topic">The topic whose history it is.</param>
/// <param name="Endpoint">Who reads it.</param>
/// <param name="State">What the owner has said last; <see cref="HistoryReplayState.Waiting"/> as long as it has said nothing.</param>
public sealed record HistoryRequest(string Into, string RequestId, string Topic, string Endpoint, HistoryReplayState State)
{
    /// <summary>How many events the owner has published.</summary>
    public long Events { get; init; }

    /// <summary>About how many there are.</summary>
    public long Total { get; init; }

    /// <summary>Why it was refused, or has failed.</summary>
    public string? Error { get; init; }

    /// <summary>How many messages the endpoint has not read yet, of those that are there.</summary>
    public long Left { get; init; }

    /// <summary>Whether all of it has come, and the endpoint has read it.</summary>
    public bool IsDone => State == HistoryReplayState.Completed && Left == 0;
}
