using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox.Replaying;
using Outbox.Integration.Tests.History.Repairing;
using Outbox.Integration.Tests.Inbox.Sequencing;
using Outbox.Integration.Tests.Servers;
using Outbox.MongoDb.Inbox.Replaying;

namespace Outbox.Integration.Tests.Inbox.Replaying;

/// <summary>Replays and snapshots that a person ends, because they keep their endpoint from consuming.</summary>
public sealed class ReplayCancelTests
{
    private static readonly TimeSpan Alive = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task G15_a_replay_whose_instances_do_not_stop_is_named_by_health_and_can_be_cancelled()
    {
        var place = await TestPlace.SharedAsync();
        await using var service = await ReplayedInstance.StartAsync(place);
        await ProduceAsync(place, version: 1);
        await service.RanAsync(1);
        await service.Services.GetRequiredService<IReplayStore>().AttendAsync(new EndpointPresence(service.Group, place.Topic, "hangs"), Alive, CancellationToken.None);

        await service.Replays.StartAsync(service.Group, ReplayFrom.Beginning, "the consumer was wrong");
        await Eventually.TrueAsync(
            async () => await HealthAsync(service) is { Status: HealthStatus.Degraded, Description: { } told } && told.Contains("stands still", StringComparison.Ordinal)
                && told.Contains("replay 1 begins, and its instances stop (the consumer was wrong).", StringComparison.Ordinal),
            "health names the replay");
        await ProduceAsync(place, version: 2);

        Assert.True(await service.Replays.CancelAsync(service.Group, "an instance hangs"));
        await service.RanAsync(2);
        Assert.All(await service.CountAsync(), run => Assert.Equal((1, 0), run.Value));
        Assert.False(await service.Replays.CancelAsync(service.Group, "once more"));
        await Eventually.TrueAsync(async () => (await HealthAsync(service)).Status == HealthStatus.Healthy, "the endpoint is healthy again");
    }

    [Fact]
    public async Task G15_a_replay_that_has_begun_to_change_something_cannot_be_cancelled()
    {
        await using var instance = await RepairInstance.StartAsync($"t{Guid.NewGuid():N}");
        var (store, replays) = (instance.Get<IReplayStore>(), instance.Get<IInboxReplay>());
        await store.AttendAsync(new EndpointPresence("e", "orders", "one"), Alive, CancellationToken.None);
        await replays.StartAsync("e", ReplayFrom.Beginning, "why");
        await store.NoteAsync((await replays.FindAsync("e"))!, [], [], CancellationToken.None);

        Assert.Contains("half of that", (await Assert.ThrowsAsync<OutboxException>(() => replays.CancelAsync("e", "enough"))).Message, StringComparison.Ordinal);
        Assert.Equal(ReplayPhase.Resetting, (await replays.FindAsync("e"))!.Phase);

        await store.AdvanceAsync((await replays.FindAsync("e"))!, ReplayPhase.Running, CancellationToken.None);
        Assert.Contains("'e' runs", (await Assert.ThrowsAsync<OutboxException>(() => replays.CancelAsync("e", "enough"))).Message, StringComparison.Ordinal);
        Assert.Equal(ReplayPhase.Running, (await replays.FindAsync("e"))!.Phase);

        Assert.False(await replays.CancelAsync("nobody", "enough"));
    }

    [Fact]
    public async Task G15_a_snapshot_that_is_cancelled_while_it_is_taken_is_none_and_leaves_nothing()
    {
        await using var instance = await RepairInstance.StartAsync($"t{Guid.NewGuid():N}");
        var (store, replays, database) = (instance.Get<IReplayStore>(), instance.Get<IInboxReplay>(), instance.Messages.Database);
        var noted = await BeginAsync(instance);

        Assert.True(await replays.CancelAsync("e", "enough"));
        // The instance that takes it was in the middle of a batch.
        await database.GetCollection<BsonDocument>($"replay.{noted.Snapshot}.x.own").InsertOneAsync(new BsonDocument("_id", 1));
        await Assert.ThrowsAsync<ReplayLostException>(() => store.PrepareAsync(noted, "one", Alive, CancellationToken.None));

        Assert.Empty(await replays.ListSnapshotsAsync("e"));
        Assert.Empty(await CopiesAsync(database, noted.Snapshot!));
        Assert.Equal(ReplayPhase.Done, (await store.NoteAsync(noted, [], [], CancellationToken.None)).Phase);
        Assert.Contains("cancelled: enough", (await replays.FindAsync("e"))!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task G15_a_snapshot_that_another_instance_leads_or_somebody_has_cancelled_is_not_listed_whatever_was_copied()
    {
        await using var instance = await RepairInstance.StartAsync($"t{Guid.NewGuid():N}");
        var (replays, snapshots) = (instance.Get<IInboxReplay>(), instance.Get<ReplaySnapshots>());
        var noted = await BeginAsync(instance);

        Assert.False(await snapshots.TakeAsync(noted, "another", () => Task.CompletedTask, CancellationToken.None));
        Assert.Empty(await replays.ListSnapshotsAsync("e"));
        Assert.True(await replays.CancelAsync("e", "enough"));
        Assert.False(await snapshots.TakeAsync(noted, "one", () => Task.CompletedTask, CancellationToken.None));
        Assert.Empty(await replays.ListSnapshotsAsync("e"));

        Assert.False(await replays.CancelAsync("e", "what a cancelled one has left"));
        Assert.Empty(await CopiesAsync(instance.Messages.Database, noted.Snapshot!));
    }

    [Fact]
    public async Task G15_a_snapshot_that_is_there_is_not_given_up_and_keeps_the_copies_of_its_own_try()
    {
        await using var instance = await RepairInstance.StartAsync($"t{Guid.NewGuid():N}");
        var (store, replays, snapshots) = (instance.Get<IReplayStore>(), instance.Get<IInboxReplay>(), instance.Get<ReplaySnapshots>());
        var noted = await BeginAsync(instance);
        Assert.False(await snapshots.TakeAsync(noted, "stopped for longer than its lease", () => Task.CompletedTask, CancellationToken.None));

        await store.PrepareAsync(noted, "one", Alive, CancellationToken.None);

        Assert.Equal(noted.Snapshot, Assert.Single(await replays.ListSnapshotsAsync("e")).Id);
        Assert.Equal(4, (await CopiesAsync(instance.Messages.Database, noted.Snapshot!)).Count);
        Assert.False(await store.AbandonAsync(noted, "one", "late", CancellationToken.None));
        Assert.False(await replays.CancelAsync("e", "late"));
        Assert.Equal(4, (await CopiesAsync(instance.Messages.Database, noted.Snapshot!)).Count);
    }

    [Fact]
    public async Task G15_nothing_is_replaced_by_a_snapshot_that_is_not_whole_and_one_that_is_restored_is_not_deleted()
    {
        await using var instance = await RepairInstance.StartAsync($"t{Guid.NewGuid():N}");
        var (store, replays, database) = (instance.Get<IReplayStore>(), instance.Get<IInboxReplay>(), instance.Messages.Database);
        var noted = await BeginAsync(instance);
        await store.PrepareAsync(noted, "one", Alive, CancellationToken.None);
        var from = ReplayFrom.OfSnapshot(noted.Snapshot!);

        await replays.StartAsync("e", from, "why");
        Assert.Contains("being replayed", (await Assert.ThrowsAsync<OutboxException>(() => replays.DeleteSnapshotAsync(noted.Snapshot!))).Message, StringComparison.Ordinal);
        Assert.True(await replays.CancelAsync("e", "enough"));

        await database.DropCollectionAsync((await CopiesAsync(database, noted.Snapshot!)).Single(name => name.EndsWith(".own", StringComparison.Ordinal)));
        Assert.Contains("not whole", (await Assert.ThrowsAsync<OutboxException>(() => replays.StartAsync("e", from, "why"))).Message, StringComparison.Ordinal);
        Assert.Equal(1, await database.GetCollection<BsonDocument>("own").CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
        Assert.True(await replays.DeleteSnapshotAsync(noted.Snapshot!));
        Assert.Empty(await CopiesAsync(database, noted.Snapshot!));
    }

    /// <returns>A snapshot of one endpoint that <c>one</c> may take now.</returns>
    private static async Task<EndpointReplay> BeginAsync(RepairInstance instance)
    {
        var (store, replays) = (instance.Get<IReplayStore>(), instance.Get<IInboxReplay>());
        await instance.Messages.Database.GetCollection<BsonDocument>("own").InsertOneAsync(new BsonDocument("_id", 1));
        await store.AttendAsync(new EndpointPresence("e", "orders", "one") { Stopped = 1 }, Alive, CancellationToken.None);
        await replays.SnapshotAsync("e", ["own"], "why");
        var open = (await replays.FindAsync("e"))!;
        Assert.NotNull(await store.LeadAsync(open, "one", Alive, CancellationToken.None));
        return await store.NoteAsync(open, [], [], CancellationToken.None);
    }

    private static async Task<IReadOnlyList<string>> CopiesAsync(IMongoDatabase database, string snapshot) =>
        (await (await database.ListCollectionNamesAsync()).ToListAsync()).FindAll(name => name.Contains(snapshot, StringComparison.Ordinal));

    private static async Task<HealthReportEntry> HealthAsync(ReplayedInstance service) =>
        (await service.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["outbox-inbox"];

    private static Task ProduceAsync(TestPlace place, int version) => ReplayTests.ProduceAsync(place, version, orders: 1);
}
