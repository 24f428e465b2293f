using Microsoft.Extensions.Logging.Abstractions;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox.Replaying;
using Outbox.Integration.Tests.History.Repairing;
using Outbox.Integration.Tests.Inbox.Sequencing;
using Outbox.Kafka.Inbox.Replaying;

namespace Outbox.Integration.Tests.Inbox.Replaying;

/// <summary>The instance that resets an endpoint is killed behind each of its database commands; another one goes on, and all of it has happened.</summary>
public sealed class ReplayCrashTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Alive = TimeSpan.FromMinutes(1);
    private readonly string _database = $"t{Guid.NewGuid():N}";
    private RepairInstance _first = null!;
    private RepairInstance _next = null!;

    private IMongoCollection<BsonDocument> Own => _next.Messages.Database.GetCollection<BsonDocument>("own");

    private IInboxReplay Replays => _next.Get<IInboxReplay>();

    public async ValueTask InitializeAsync()
    {
        (_first, _next) = (await RepairInstance.StartAsync(_database), await RepairInstance.StartAsync(_database));
        await Own.InsertManyAsync(Enumerable.Range(0, 3).Select(id => new BsonDocument("_id", id)));
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _next.DisposeAsync();
    }

    [Fact]
    public async Task G15_a_kill_behind_any_command_of_a_snapshot_and_of_its_restoration_is_made_good_by_another_instance()
    {
        var killed = true;
        var points = 0;
        for (; killed; points++)
        {
            var (endpoint, group) = ($"crash{points}", new Group());
            var taking = await ResetAsync(endpoint, group, points, () => Replays.SnapshotAsync(endpoint, ["own"], "why"));
            var taken = Assert.Single(await Replays.ListSnapshotsAsync(endpoint));
            Assert.Equal((7L, 0), (Assert.Single(taken.Offsets).Offset, group.Commits.Count));
            await Own.UpdateManyAsync(FilterDefinition<BsonDocument>.Empty, Builders<BsonDocument>.Update.Set("spoilt", true));
            await Own.DeleteOneAsync(new BsonDocument("_id", 1));

            var restoring = await ResetAsync(endpoint, group, points, () => Replays.StartAsync(endpoint, ReplayFrom.OfSnapshot(taken.Id), "why"));
            Assert.Equal([0, 1, 2], (await Own.Find(FilterDefinition<BsonDocument>.Empty).ToListAsync()).Where(own => own.ElementCount == 1).Select(own => own["_id"].ToInt32()).Order());
            Assert.Equal(ReplayPhase.Running, (await Replays.FindAsync(endpoint))!.Phase);
            Assert.All(group.Commits, offset => Assert.Equal(7, offset));
            Assert.InRange(group.Commits.Count, 1, 2);
            killed = taking || restoring;
        }

        Assert.InRange(points, 15, 100);
    }

    [Fact]
    public async Task G15_a_leader_that_takes_over_goes_by_the_offsets_that_the_first_one_has_noted()
    {
        var store = _next.Get<IReplayStore>();
        await store.AttendAsync(new EndpointPresence("e", "orders", "first"), Alive, CancellationToken.None);
        await Replays.StartAsync("e", ReplayFrom.Beginning, "why");
        var replay = (await Replays.FindAsync("e"))!;
        await store.NoteAsync(replay, [new PartitionOffset("orders", 0, 7)], [new PartitionOffset("orders", 0, 9)], CancellationToken.None);

        // The first has set the group to its beginning, and died.
        var again = await store.NoteAsync(replay, [new PartitionOffset("orders", 0, 0)], [new PartitionOffset("orders", 0, 9)], CancellationToken.None);

        Assert.Equal(7, Assert.Single(again.Processed).Offset);
    }

    [Fact]
    public async Task G15_nothing_is_reset_while_an_instance_that_is_alive_has_not_stopped()
    {
        var store = _next.Get<IReplayStore>();
        var (first, next) = (new EndpointPresence("e", "orders", "first"), new EndpointPresence("e", "orders", "next"));
        await store.AttendAsync(first, Alive, CancellationToken.None);
        await store.AttendAsync(next, Alive, CancellationToken.None);
        await Replays.StartAsync("e", ReplayFrom.Beginning, "why");
        var replay = (await store.AttendAsync(next with { Stopped = 1 }, Alive, CancellationToken.None))!;

        Assert.Null(await store.LeadAsync(replay, "next", Lease, CancellationToken.None));
        await store.AttendAsync(first with { Stopped = 1 }, Alive, CancellationToken.None);
        Assert.NotNull(await store.LeadAsync(replay, "next", Alive, CancellationToken.None));
        Assert.Null(await store.LeadAsync(replay, "first", Alive, CancellationToken.None));
    }

    /// <returns>Whether the first instance was killed.</returns>
    private async Task<bool> ResetAsync(string endpoint, Group group, int commands, Func<Task> begin)
    {
        var store = _next.Get<IReplayStore>();
        var instances = new[] { new EndpointPresence(endpoint, "orders", "first"), new EndpointPresence(endpoint, "orders", "next") };
        await store.AttendAsync(instances[0], Alive, CancellationToken.None);
        await begin();
        var replay = (await Replays.FindAsync(endpoint))!;
        foreach (var instance in instances)
        {
            await store.AttendAsync(instance with { Stopped = replay.Generation }, Alive, CancellationToken.None);
        }

        var killed = await Crash.AfterAsync(commands, _next.Messages.Database, () => Work(_first, group).GoOnAsync(replay, "first", Lease, CancellationToken.None));
        if (await Replays.FindAsync(endpoint) is { MayConsume: false } open)
        {
            await Work(_next, group).GoOnAsync(open, "next", TimeSpan.FromSeconds(30), CancellationToken.None);
        }

        return killed;
    }

    private static ReplayWork Work(RepairInstance instance, Group group) => new(instance.Get<IReplayStore>(), group, TimeProvider.System, NullLogger.Instance);

    /// <summary>A group of one partition that has committed 7 of 9.</summary>
    private sealed class Group : IGroupOffsets, IJoinedGroup
    {
        public List<long> Commits { get; } = [];

        public Task<IJoinedGroup> JoinAsync(string group, IReadOnlyList<string> topics, CancellationToken cancellationToken) => Task.FromResult<IJoinedGroup>(this);

        public Task<bool> HaveReachedAsync(string group, IReadOnlyList<PartitionOffset> until, CancellationToken cancellationToken) => Task.FromResult(false);

        public IReadOnlyList<PartitionOffset> Committed() => [new("orders", 0, 7)];

        public IReadOnlyList<PartitionOffset> Ends() => [new("orders", 0, 9)];

        public IReadOnlyList<PartitionOffset> Begins(ReplayFrom from, IReadOnlyList<PartitionOffset> processed) => [new("orders", 0, 0)];

        public void Commit(IReadOnlyList<PartitionOffset> offsets) => Commits.Add(offsets.Single().Offset);

        public void Dispose()
        {
        }
    }
}
