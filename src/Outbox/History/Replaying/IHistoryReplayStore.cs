using Outbox.Capture;
using Outbox.History.Repair;
using Outbox.History.Storing;

namespace Outbox.History.Replaying;

/// <summary>Keeps how far replays of histories are, for whichever instance runs them. Times are the server's. For transports.</summary>
public interface IHistoryReplayStore
{
    /// <summary>Has a replay wait for its turn, in the transaction of the command.</summary>
    /// <returns>Why not, if not: another one goes to the same topic.</returns>
    Task<string?> AddAsync(IOutboxTransaction transaction, ReplayHistory ask, CancellationToken cancellationToken);

    /// <summary>Refuses one, in the transaction of the command: the one who asked is told.</summary>
    Task RefuseAsync(IOutboxTransaction transaction, AnsweredTopic topic, ReplayHistory ask, string why, CancellationToken cancellationToken);

    /// <summary>Cancels one, in the transaction of the command.</summary>
    Task CancelAsync(IOutboxTransaction transaction, CancelHistoryReplay ask, CancellationToken cancellationToken);

    /// <summary>Takes the lease of the replay whose turn it is, or keeps it. One runs at a time, in one instance.</summary>
    /// <returns><see langword="null"/> if there is none, or another instance has it.</returns>
    Task<HistoryReplay?> TakeAsync(string instance, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Notes that a page was published, with which the error that it waited for is over, and keeps the lease.</summary>
    /// <param name="replay">The replay, with how many events were published.</param>
    /// <param name="place">The page's last event; <see langword="null"/> keeps the lease alone.</param>
    /// <param name="instance">This instance.</param>
    /// <param name="lease">For how long it is this instance's.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether to go on: not if another instance has it now, or it was cancelled.</returns>
    Task<bool> AdvanceAsync(HistoryReplay replay, HistoryPlace? place, string instance, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Ends it.</summary>
    Task EndAsync(HistoryReplay replay, string instance, CancellationToken cancellationToken);

    /// <summary>Gives the lease back.</summary>
    /// <param name="replay">The replay, with the error that it waits for.</param>
    /// <param name="instance">This instance.</param>
    /// <param name="rest">For how long nobody takes it, so that another one has its turn.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task ReleaseAsync(HistoryReplay replay, string instance, TimeSpan rest, CancellationToken cancellationToken);
}
