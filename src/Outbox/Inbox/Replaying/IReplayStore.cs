namespace Outbox.Inbox.Replaying;

/// <summary>Where the instances of an endpoint agree on its replay. For transports.</summary>
public interface IReplayStore
{
    /// <summary>Shows that an instance lives, and tells it what is going on.</summary>
    /// <param name="presence">The instance.</param>
    /// <param name="alive">For how long it counts as alive.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<EndpointReplay?> AttendAsync(EndpointPresence presence, TimeSpan alive, CancellationToken cancellationToken);

    /// <summary>Tells an instance what is going on.</summary>
    Task<EndpointReplay?> LookAsync(string endpoint, CancellationToken cancellationToken);

    /// <summary>The instance consumes no more.</summary>
    Task LeaveAsync(EndpointPresence presence, CancellationToken cancellationToken);

    /// <summary>Makes an instance the one that does the work, or leaves it that, once all have stopped.</summary>
    /// <returns>All instances; <see langword="null"/> if another one leads, or some still consume.</returns>
    Task<IReadOnlyList<EndpointPresence>?> LeadAsync(EndpointReplay replay, string instance, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Notes where the group has stopped, once: a leader that takes over finds what the first one has noted.</summary>
    /// <returns>The replay as it is now; done, if it was cancelled.</returns>
    Task<EndpointReplay> NoteAsync(EndpointReplay replay, IReadOnlyList<PartitionOffset> processed, IReadOnlyList<PartitionOffset> until, CancellationToken cancellationToken);

    /// <summary>Makes what the replay begins with, the collections of a snapshot; or takes a snapshot, which is done with that. It may be repeated after a crash.</summary>
    /// <param name="replay">The replay.</param>
    /// <param name="instance">The one who leads.</param>
    /// <param name="lease">For how long it does; it is renewed while it works.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>The offsets to begin with, where a snapshot says them.</returns>
    /// <exception cref="ReplayLostException">It is not this instance's any more.</exception>
    Task<IReadOnlyList<PartitionOffset>> PrepareAsync(EndpointReplay replay, string instance, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Gives up a snapshot that was not taken yet; nothing of it is left, and its endpoint may consume.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="instance">The one who leads.</param>
    /// <param name="error">Why.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether it was this instance's, and is given up.</returns>
    Task<bool> AbandonAsync(EndpointReplay snapshot, string instance, string error, CancellationToken cancellationToken);

    /// <summary>Goes on to another phase, if nobody has.</summary>
    Task AdvanceAsync(EndpointReplay replay, ReplayPhase phase, CancellationToken cancellationToken);
}
