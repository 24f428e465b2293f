using Microsoft.Extensions.Time.Testing;
using Outbox.Inbox.Health;
using Outbox.Inbox.Replaying;
using Outbox.Kafka.Inbox.Replaying;

namespace Outbox.Kafka.Tests.Inbox.Features;

/// <summary>When scheduled snapshots are taken: for each, the endpoint's instances stop and join their group again.</summary>
public sealed class SnapshotScheduleTests
{
    private const string Endpoint = "shipping.v1";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly EndpointStates _states;
    private readonly EndpointState _state;
    private readonly Snapshots _snapshots;

    public SnapshotScheduleTests()
    {
        (_states, _snapshots) = (new EndpointStates(_time), new Snapshots(_time));
        _state = _states.Of(Endpoint, "orders");
        // Another topic of the endpoint, which does not exist yet, and another endpoint.
        _states.Of(Endpoint, "stock").Started();
        _states.Of("billing.v1", "orders").Report(partitions: 3, lag: 0);
    }

    [Fact]
    public async Task One_is_taken_at_each_interval()
    {
        var schedule = Schedule(TimeSpan.FromHours(1));
        _state.Report(partitions: 3, lag: 0);

        await LookAsync(schedule, TimeSpan.FromHours(3));

        // At once, as there is none, and then one an hour; it looks once a minute.
        Assert.InRange(_snapshots.Taken.Count, 3, 4);
    }

    [Fact]
    public async Task None_is_taken_before_the_endpoint_has_its_partitions_again()
    {
        var schedule = Schedule(TimeSpan.FromSeconds(1));

        await LookAsync(schedule, TimeSpan.FromMinutes(1));
        Assert.Empty(_snapshots.Taken);

        _state.Report(partitions: 3, lag: 8);
        await LookAsync(schedule, TimeSpan.FromSeconds(2));
        Assert.NotEmpty(_snapshots.Taken);
    }

    [Fact]
    public async Task An_interval_that_is_shorter_than_the_way_back_leaves_the_endpoint_its_time()
    {
        var schedule = Schedule(TimeSpan.FromSeconds(1));
        _state.Report(partitions: 3, lag: 8);
        await LookAsync(schedule, TimeSpan.FromSeconds(2));
        var before = _snapshots.Taken.Count;

        // It is stopped for the snapshot, and it takes a while until it has partitions.
        await LookAsync(schedule, TimeSpan.FromSeconds(1), ReplayPhase.Pausing);
        _state.Left();
        await LookAsync(schedule, TimeSpan.FromSeconds(5));
        _state.Report(partitions: 3, lag: 8);
        await LookAsync(schedule, TimeSpan.FromSeconds(0.9));

        Assert.Equal(before, _snapshots.Taken.Count);
        await LookAsync(schedule, TimeSpan.FromSeconds(0.5));
        Assert.Equal(before + 1, _snapshots.Taken.Count);
    }

    [Fact]
    public async Task Partitions_that_come_and_go_do_not_put_the_next_off_for_ever()
    {
        var schedule = Schedule(TimeSpan.FromHours(1));

        for (var i = 0; i < 6; i++)
        {
            _state.Report(partitions: 3, lag: 8);
            await LookAsync(schedule, TimeSpan.FromSeconds(2));
            _state.Left();
            await LookAsync(schedule, TimeSpan.FromSeconds(2));
        }

        Assert.Single(_snapshots.Taken);
    }

    /// <summary>Whichever instance had asked for it.</summary>
    [Fact]
    public async Task One_that_was_given_up_is_not_asked_for_again_for_an_hour()
    {
        var schedule = Schedule(TimeSpan.FromDays(1));
        _state.Report(partitions: 3, lag: 8);

        await LookAsync(schedule, TimeSpan.FromMinutes(59), last: "given up");
        Assert.Empty(_snapshots.Taken);

        await LookAsync(schedule, TimeSpan.FromMinutes(3), last: "given up");
        Assert.Single(_snapshots.Taken);
    }

    [Fact]
    public async Task A_turn_is_ten_seconds_at_least()
    {
        var schedule = Schedule(TimeSpan.FromHours(1));
        _state.Report(partitions: 3, lag: 8);

        await LookAsync(schedule, TimeSpan.FromSeconds(9.9));
        Assert.Empty(_snapshots.Taken);

        await LookAsync(schedule, TimeSpan.FromSeconds(0.5));
        Assert.Single(_snapshots.Taken);
    }

    private SnapshotSchedule Schedule(TimeSpan interval) => new(_snapshots, _states, Endpoint, interval, ["totals"], _time);

    /// <summary>Looks ten times a second, as an endpoint does.</summary>
    private async Task LookAsync(SnapshotSchedule schedule, TimeSpan length, ReplayPhase phase = ReplayPhase.Done, string? last = null)
    {
        for (var passed = TimeSpan.Zero; passed < length; passed += TimeSpan.FromMilliseconds(100))
        {
            await schedule.GoOnAsync(new EndpointReplay(Endpoint, 1, phase, ReplayFrom.Beginning, "scheduled") { Snapshot = last }, CancellationToken.None);
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    private sealed class Snapshots(TimeProvider time) : IInboxReplay
    {
        public List<ReplaySnapshot> Taken { get; } = [];

        public Task<string> SnapshotAsync(string endpoint, IReadOnlyCollection<string> collections, string reason, CancellationToken cancellationToken = default)
        {
            Taken.Insert(0, new ReplaySnapshot($"{Taken.Count}", endpoint, time.GetUtcNow(), [.. collections], [], reason));
            return Task.FromResult(Taken[0].Id);
        }

        public Task<IReadOnlyList<ReplaySnapshot>> ListSnapshotsAsync(string endpoint, CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<ReplaySnapshot>>([.. Taken.Take(3)]);

        public Task<bool> DeleteSnapshotAsync(string id, CancellationToken cancellationToken = default) => Task.FromResult(true);

        public Task<int> StartAsync(string endpoint, ReplayFrom from, string reason, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<bool> CancelAsync(string endpoint, string reason, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<EndpointReplay?> FindAsync(string endpoint, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
