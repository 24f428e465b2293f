namespace Outbox.History.Replaying;

/// <summary>The replays of this service's histories that others have asked for. For people.</summary>
public interface IHistoryReplays
{
    /// <summary>All of them, also those that have ended; of each topic that they go to, the last.</summary>
    Task<IReadOnlyList<HistoryReplay>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Ends one. What was published stays; the one who asked is told.</summary>
    /// <param name="into">Where it goes.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether it had not ended.</returns>
    Task<bool> CancelAsync(string into, CancellationToken cancellationToken = default);
}
