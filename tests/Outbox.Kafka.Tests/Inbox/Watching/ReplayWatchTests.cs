using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Outbox.Inbox.Health;
using Outbox.Inbox.Replaying;
using Outbox.Kafka.Inbox.Replaying;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox.Watching;

/// <summary>What an endpoint shows of a replay that keeps it from consuming, and what becomes of one that cannot go on.</summary>
public sealed class ReplayWatchTests : IReplayStore, IGroupOffsets, IJoinedGroup, ILogger, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ReplayGate _gate = new(isOpen: false);
    private readonly EndpointState _state = new("g", "orders", TimeProvider.System);
    private readonly ConcurrentQueue<int> _told = new();
    private volatile EndpointReplay? _replay;
    private volatile Exception? _looking;
    private volatile bool _isOurs = true;
    private volatile bool _isLost;
    private volatile string? _joining = "the group has another member";
    private Action? _whileLooking;
    private int _joins;
    private volatile int _looks;
    private volatile int _commits;
    private Task _watching = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
    }

    [Fact]
    public async Task A_replay_that_cannot_go_on_is_a_fault_of_the_endpoint_and_said_once_until_it_does()
    {
        Watch(Replay());

        await Signal.Eventually(() => Volatile.Read(ref _joins) > 5, "it has been tried again");
        Assert.Contains(_joining!, Assert.Single(_state.Faults).Reason, StringComparison.Ordinal);
        Assert.Contains("replay 3 begins, and its instances stop (the consumer was wrong).", _state.Standing!.Value.Why, StringComparison.Ordinal);
        Assert.Single(_told, 345);

        _joining = null;
        await Signal.Eventually(() => _gate.IsOpen && _state.Standing is null && _state.Faults.Count == 0, "the replay runs");
        Assert.Equal(1, _commits);
    }

    [Fact]
    public async Task A_snapshot_that_cannot_be_taken_is_given_up_and_the_endpoint_consumes_again()
    {
        Watch(Replay() with { Snapshot = "s" });

        await Signal.Eventually(() => _gate.IsOpen && _state.Faults.Count == 0, "the endpoint consumes");
        Assert.Equal(3, _joins);
        Assert.Single(_told, 346);
    }

    [Fact]
    public async Task A_snapshot_that_another_instance_takes_now_is_not_given_up()
    {
        _isLost = true;
        Watch(Replay() with { Snapshot = "s" });
        await Signal.Eventually(() => Volatile.Read(ref _joins) > 5, "it has been tried again");
        Assert.DoesNotContain(346, _told);

        (_isLost, _isOurs) = (false, false);
        var joins = Volatile.Read(ref _joins);
        await Signal.Eventually(() => Volatile.Read(ref _joins) > joins + 5, "it has been tried again");
        Assert.DoesNotContain(346, _told);
        Assert.False(_gate.IsOpen);
    }

    [Fact]
    public async Task An_endpoint_that_has_never_heard_whether_it_is_replayed_says_why_it_does_not_consume()
    {
        _looking = new IOException("no primary");
        Watch(null);

        await Signal.Eventually(() => _state.Faults.Any(fault => fault.Reason.Contains("no primary", StringComparison.Ordinal)), "the fault is shown");
        _looking = null;
        await Signal.Eventually(() => _gate.IsOpen && _state.Faults.Count == 0, "the endpoint consumes");

        // It consumes, and others say what is wrong with the database.
        _looking = new IOException("no primary");
        var looks = _looks;
        await Signal.Eventually(() => _looks > looks + 5, "it has looked again");
        Assert.Empty(_state.Faults);
        Assert.Single(_told, 345);
    }

    [Fact]
    public async Task It_ends_without_an_error_whatever_its_last_look_met()
    {
        _looking = new IOException("no primary");
        Watch(null, whileLooking: _stopping.Cancel);
        await _watching.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    Task<EndpointReplay?> IReplayStore.AttendAsync(EndpointPresence presence, TimeSpan alive, CancellationToken cancellationToken) => LookAsync();

    Task<EndpointReplay?> IReplayStore.LookAsync(string endpoint, CancellationToken cancellationToken) => LookAsync();

    Task IReplayStore.LeaveAsync(EndpointPresence presence, CancellationToken cancellationToken) => Task.CompletedTask;

    Task<IReadOnlyList<EndpointPresence>?> IReplayStore.LeadAsync(EndpointReplay replay, string instance, TimeSpan lease, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<EndpointPresence>?>([]);

    Task<EndpointReplay> IReplayStore.NoteAsync(EndpointReplay replay, IReadOnlyList<PartitionOffset> processed, IReadOnlyList<PartitionOffset> until, CancellationToken cancellationToken) =>
        Task.FromResult(replay with { Phase = ReplayPhase.Resetting });

    Task<IReadOnlyList<PartitionOffset>> IReplayStore.PrepareAsync(EndpointReplay replay, string instance, TimeSpan lease, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<PartitionOffset>>([]);

    Task<bool> IReplayStore.AbandonAsync(EndpointReplay snapshot, string instance, string error, CancellationToken cancellationToken)
    {
        if (_isOurs)
        {
            _replay = snapshot with { Phase = ReplayPhase.Done };
        }

        return Task.FromResult(_isOurs);
    }

    Task IReplayStore.AdvanceAsync(EndpointReplay replay, ReplayPhase phase, CancellationToken cancellationToken)
    {
        _replay = replay with { Phase = phase };
        return Task.CompletedTask;
    }

    Task<IJoinedGroup> IGroupOffsets.JoinAsync(string group, IReadOnlyList<string> topics, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _joins);
        return _isLost ? throw new ReplayLostException("g") : _joining is { } error ? throw new OutboxException(error) : Task.FromResult<IJoinedGroup>(this);
    }

    Task<bool> IGroupOffsets.HaveReachedAsync(string group, IReadOnlyList<PartitionOffset> until, CancellationToken cancellationToken) => Task.FromResult(false);

    IReadOnlyList<PartitionOffset> IJoinedGroup.Committed() => [];

    IReadOnlyList<PartitionOffset> IJoinedGroup.Ends() => [];

    IReadOnlyList<PartitionOffset> IJoinedGroup.Begins(ReplayFrom from, IReadOnlyList<PartitionOffset> processed) => [];

    void IJoinedGroup.Commit(IReadOnlyList<PartitionOffset> offsets) => _commits++;

    void IDisposable.Dispose()
    {
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _told.Enqueue(eventId.Id);

    private static EndpointReplay Replay() => new("g", 3, ReplayPhase.Pausing, ReplayFrom.Beginning, "the consumer was wrong.");

    private void Watch(EndpointReplay? replay, Action? whileLooking = null)
    {
        (_replay, _whileLooking) = (replay, whileLooking);
        var watch = new ReplayWatch(this, _gate, new EndpointPresence("g", "orders", "one"), new ReplayWork(this, this, TimeProvider.System, this), TimeProvider.System) { State = _state };
        _watching = watch.RunAsync(TimeSpan.FromMilliseconds(10), _stopping.Token);
    }

    private async Task<EndpointReplay?> LookAsync()
    {
        await Task.Yield();
        _looks++;
        _whileLooking?.Invoke();
        return _looking is { } error ? throw error : _replay;
    }
}
