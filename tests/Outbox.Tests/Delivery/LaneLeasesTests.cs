using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Outbox.Delivery;
using Outbox.Delivery.Health;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Watching;

namespace Outbox.Tests.Delivery;

public sealed class LaneLeasesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LaneStore _store = new();
    private readonly Lines<LeaseClock> _log = new();
    private readonly IOptions<OutboxOptions> _options = Options.Create(new OutboxOptions());
    private readonly RelayHealth _health;
    private readonly LaneLeases _leases;

    public LaneLeasesTests()
    {
        _health = new RelayHealth(_time);
        _leases = new LaneLeases(
            new OwnLeases(_store, new RelayIdentity(), _options), new LeaseClock(_time, _health, _log), _health, _options, NullLogger<LaneLeases>.Instance);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lanes_are_given_back_after_the_sweep_that_uses_them_has_ended()
    {
        var sweep = new TaskCompletionSource<int>();
        var sweeping = _leases.UseAsync(() => sweep.Task, Stop);
        var leaving = _leases.LeaveAsync(Stop);
        Assert.Equal(8, _leases.Lanes.Count);
        Assert.Empty(_store.Released);

        sweep.SetResult(1);
        await Task.WhenAll(sweeping, leaving);

        Assert.Equal(8, _store.Released.Count);
    }

    [Fact]
    public async Task A_relay_that_has_left_takes_no_lanes()
    {
        await _leases.LeaveAsync(Stop);

        await UseAsync();

        Assert.Empty(_leases.Lanes);
        Assert.Empty(_store.Held);
    }

    [Fact]
    public async Task A_relay_without_lanes_asks_the_database_no_more_often_for_being_woken()
    {
        _store.Taken.UnionWith(Enumerable.Range(0, 8));
        _store.Relays = 9;
        for (var wake = 0; wake < 100; wake++)
        {
            await UseAsync();
        }

        Assert.Equal(1, _store.Heartbeats);
    }

    [Fact]
    public async Task A_relay_that_others_are_always_faster_than_asks_now_and_then()
    {
        _store.IsSlower = true;
        for (var wake = 0; wake < 100; wake++)
        {
            await UseAsync();
            _time.Advance(TimeSpan.FromMilliseconds(50));
        }

        Assert.InRange(_store.Heartbeats, 2, 10);
    }

    [Fact]
    public async Task A_majority_that_takes_long_is_told_of_once_and_shown_until_it_is_faster()
    {
        await UseAsync();
        _store.Confirming = () => _time.Advance(TimeSpan.FromSeconds(5));
        await _leases.RenewAsync(Stop);
        await _leases.RenewAsync(Stop);

        Assert.Equal([214], _log.Ids);
        Assert.Contains("took 5 s to confirm leases that run for 10 s. Nothing is published", _health.Leases?.Error, StringComparison.Ordinal);

        _store.Confirming = () => { };
        await _leases.RenewAsync(Stop);
        Assert.Equal([214, 215], _log.Ids);
        Assert.Null(_health.Leases);
    }

    [Fact]
    public async Task The_change_stream_is_watched_only_while_there_are_lanes()
    {
        var watcher = new Watcher();
        var report = new WatchReport(new RelaySignal(), _health, new RelayMetrics(Meters.Unheard), _options, NullLogger<WatchReport>.Instance);
        using var service = new WatchService(watcher, _leases, report, _options, new RelayRuntime(_time, new Random(7)));
        _store.Taken.UnionWith(Enumerable.Range(0, 8));
        await UseAsync();
        await service.StartAsync(Stop);
        Assert.False(watcher.Started.Task.IsCompleted);

        _store.Taken.Clear();
        await _leases.RenewAsync(Stop);
        _time.Advance(TimeSpan.FromSeconds(2));
        await UseAsync();
        await watcher.Started.Task.WaitAsync(TimeSpan.FromMinutes(1), Stop);

        _store.Held.Clear();
        await _leases.RenewAsync(Stop);
        await watcher.Ended.Task.WaitAsync(TimeSpan.FromMinutes(1), Stop);
        await service.StopAsync(Stop);
    }

    private Task UseAsync() => _leases.UseAsync(() => Task.FromResult(1), Stop);

    private sealed class Watcher : IOutboxWatcher
    {
        public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task WatchAsync(Action onCommitted, CancellationToken cancellationToken)
        {
            Started.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Ended.TrySetResult();
        }
    }
}
