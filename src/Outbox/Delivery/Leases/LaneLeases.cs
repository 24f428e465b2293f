using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Outbox.Delivery.Leases;

/// <summary>
/// The lanes that this relay owns. Ends of leases are the server's; how much of them is left is measured here by a monotonic clock that starts
/// before the request, so this side always believes in less time than the server grants.
/// </summary>
internal sealed class LaneLeases(
    ILeaseStore store, RelayIdentity identity, IOptions<OutboxOptions> options, TimeProvider time, ILogger<LaneLeases> logger)
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SemaphoreSlim _inUse = new(1, 1);
    private bool _left;
    private volatile State _state = State.None;

    private TimeSpan Duration => options.Value.LeaseDuration;

    /// <summary>The lanes that can be relayed now.</summary>
    public IReadOnlySet<int> Lanes => _state.Held;

    /// <summary>Whether lanes should be taken or given back before relaying goes on.</summary>
    public bool IsUnbalanced => _state.Unbalanced;

    /// <summary>How much time is left on the leases.</summary>
    public TimeSpan Remaining
    {
        get
        {
            var state = _state;
            return state.Held.Count == 0 ? TimeSpan.Zero : Duration - time.GetElapsedTime(state.RenewedAt);
        }
    }

    /// <summary>The database server's time, from its last answer and the time since.</summary>
    public DateTimeOffset ServerNow
    {
        get
        {
            var state = _state;
            return state.ServerTime + time.GetElapsedTime(state.RenewedAt);
        }
    }

    /// <summary>Takes this relay's share of the lanes and runs a sweep of them, which <see cref="LeaveAsync"/> waits for: what is being published stays this relay's.</summary>
    public async Task<T> UseAsync<T>(Func<Task<T>> sweep, CancellationToken cancellationToken)
    {
        await _inUse.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await BalanceAsync(cancellationToken).ConfigureAwait(false);
            return await sweep().ConfigureAwait(false);
        }
        finally
        {
            _inUse.Release();
        }
    }

    /// <summary>Extends the leases held and notes who else is there.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await HeartbeatAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Takes free lanes up to this relay's fair share and gives back what exceeds it.</summary>
    private async Task BalanceAsync(CancellationToken cancellationToken)
    {
        if (_left || !IsUnbalanced && Remaining > Duration / 2)
        {
            return;
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var view = await HeartbeatAsync(cancellationToken).ConfigureAwait(false);
            var plan = LanePlan.For(view, options.Value.Lanes);
            if (plan.Release.Count > 0)
            {
                await GiveBackAsync(plan.Release, cancellationToken).ConfigureAwait(false);
            }

            await TakeAsync(plan, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives everything back, at shutdown, when the sweep that is running has ended.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        await _inUse.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _left = true;
            await GiveAllBackAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _inUse.Release();
        }
    }

    private async Task GiveAllBackAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var held = _state.Held;
            _state = State.None;
            await store.ReleaseAsync(held, identity.Owner, cancellationToken).ConfigureAwait(false);
            await store.LeaveAsync(identity.Owner, cancellationToken).ConfigureAwait(false);
            logger.LanesReleased(held.Count);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<LeaseView> HeartbeatAsync(CancellationToken cancellationToken)
    {
        var before = time.GetTimestamp();
        var view = await store.HeartbeatAsync(identity.Owner, Duration, cancellationToken).ConfigureAwait(false);
        _state = new State(view.Held, before, view.ServerTime, !LanePlan.For(view, options.Value.Lanes).IsEmpty);
        return view;
    }

    private async Task GiveBackAsync(IReadOnlyCollection<int> lanes, CancellationToken cancellationToken)
    {
        _state = _state with { Held = _state.Held.Except(lanes).ToHashSet() };
        await store.ReleaseAsync(lanes, identity.Owner, cancellationToken).ConfigureAwait(false);
        logger.LanesReleased(lanes.Count);
    }

    private async Task TakeAsync(LanePlan plan, CancellationToken cancellationToken)
    {
        var taken = new List<int>();
        foreach (var lane in plan.Candidates)
        {
            if (taken.Count == plan.Take)
            {
                break;
            }

            if (await store.TryAcquireAsync(lane, identity.Owner, Duration, cancellationToken).ConfigureAwait(false))
            {
                taken.Add(lane);
            }
        }

        // A lane taken now ends later than those just renewed: the earlier start holds for all of them.
        _state = _state with { Held = _state.Held.Concat(taken).ToHashSet(), Unbalanced = taken.Count < plan.Take };
        if (taken.Count > 0)
        {
            logger.LanesAcquired(taken.Count, _state.Held.Count, options.Value.Lanes);
        }
    }

    private sealed record State(IReadOnlySet<int> Held, long RenewedAt, DateTimeOffset ServerTime, bool Unbalanced)
    {
        public static readonly State None = new(new HashSet<int>(), 0, DateTimeOffset.MinValue, Unbalanced: true);
    }
}
