using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Health;

namespace Outbox.Delivery.Leases;

/// <summary>
/// The lanes that this relay owns. Ends of leases are the server's; how much of them is left is measured here by a monotonic clock that starts
/// before the request, so this side always believes in less time than the server grants.
/// </summary>
internal sealed class LaneLeases(OwnLeases store, LeaseClock clock, RelayHealth health, IOptions<OutboxOptions> options, ILogger<LaneLeases> logger)
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SemaphoreSlim _inUse = new(1, 1);
    private volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile State _state = State.None;
    private long _takeovers;
    private bool _left;
    private long? _balancedAt;

    /// <summary>The lanes that can be relayed now.</summary>
    public IReadOnlySet<int> Lanes => _state.Held;

    /// <summary>How often lanes were taken.</summary>
    public long Takeovers => Interlocked.Read(ref _takeovers);

    /// <summary>Whether lanes should be taken or given back before relaying goes on. Now and then, where others are as eager: each attempt costs the database some writes.</summary>
    public bool IsUnbalanced => _state.Unbalanced && (_balancedAt is not { } last || clock.Since(last) >= store.Duration / 10);

    /// <summary>How much time is left on the leases.</summary>
    public TimeSpan Remaining
    {
        get
        {
            var state = _state;
            return state.Held.Count == 0 ? TimeSpan.Zero : store.Duration - clock.Since(state.RenewedAt);
        }
    }

    /// <summary>The database server's time, from its last answer and the time since.</summary>
    public DateTimeOffset ServerNow
    {
        get
        {
            var state = _state;
            return state.ServerTime + clock.Since(state.RenewedAt);
        }
    }

    /// <summary>Waits until this relay holds some lane, or none.</summary>
    public async Task WaitForAsync(bool anyLane, CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = _changed.Task;
            if (Lanes.Count > 0 == anyLane)
            {
                return;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
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

    /// <summary>Takes free lanes up to this relay's fair share and gives back what exceeds it. A relay that has its share, be it none, asks nothing here.</summary>
    private async Task BalanceAsync(CancellationToken cancellationToken)
    {
        var isLate = Lanes.Count > 0 && Remaining <= store.Duration / 2;
        if (_left || (!IsUnbalanced && !isLate))
        {
            return;
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _balancedAt = clock.Now;
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

    private async Task GiveAllBackAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var held = Lanes;
            Become(State.None);
            await store.ReleaseAsync(held, cancellationToken).ConfigureAwait(false);
            await store.LeaveAsync(cancellationToken).ConfigureAwait(false);
            logger.LanesReleased(held.Count);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<LeaseView> HeartbeatAsync(CancellationToken cancellationToken)
    {
        var before = clock.Now;
        var view = await store.HeartbeatAsync(cancellationToken).ConfigureAwait(false);
        Become(new State(view.Held, before, view.ServerTime, !LanePlan.For(view, options.Value.Lanes).IsEmpty));
        clock.Confirmed(clock.Since(before), store.Duration);
        return view;
    }

    private async Task GiveBackAsync(IReadOnlyCollection<int> lanes, CancellationToken cancellationToken)
    {
        Become(_state with { Held = Lanes.Except(lanes).ToHashSet() });
        await store.ReleaseAsync(lanes, cancellationToken).ConfigureAwait(false);
        logger.LanesReleased(lanes.Count);
    }

    private async Task TakeAsync(LanePlan plan, CancellationToken cancellationToken)
    {
        var before = clock.Now;
        var taken = new HashSet<int>();
        for (var from = 0; taken.Count < plan.Take && from < plan.Candidates.Count;)
        {
            var wanted = plan.Candidates.Skip(from).Take(plan.Take - taken.Count).ToList();
            taken.UnionWith(await store.AcquireAsync(wanted, cancellationToken).ConfigureAwait(false));
            from += wanted.Count;
        }

        if (taken.Count > 0)
        {
            Interlocked.Increment(ref _takeovers);
        }

        var state = _state;
        var renewedAt = state.Held.Count > 0 ? state.RenewedAt : before;

        // A lane taken now ends later than those just renewed: the earlier start holds for all of them.
        Become(new State(
            state.Held.Concat(taken).ToHashSet(), renewedAt, state.ServerTime + (clock.Since(state.RenewedAt) - clock.Since(renewedAt)), taken.Count < plan.Take));
        if (taken.Count > 0)
        {
            logger.LanesAcquired(taken.Count, Lanes.Count, options.Value.Lanes);
        }
    }

    private void Become(State state)
    {
        var changes = Lanes.Count > 0 != state.Held.Count > 0;
        _state = state;
        health.Lanes = state.Held.Count;
        if (changes)
        {
            Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
    }

    private sealed record State(IReadOnlySet<int> Held, long RenewedAt, DateTimeOffset ServerTime, bool Unbalanced)
    {
        public static readonly State None = new(new HashSet<int>(), 0, DateTimeOffset.MinValue, Unbalanced: true);
    }
}
