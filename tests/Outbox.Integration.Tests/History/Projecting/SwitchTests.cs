using Microsoft.Extensions.Time.Testing;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Leases;
using Outbox.History.Projecting;
using Outbox.History.Projecting.Building;
using Outbox.MongoDb.History.Projecting.Builds;

namespace Outbox.Integration.Tests.History.Projecting;

/// <summary>Which version readers are given, and when.</summary>
[Trait("Broker", "none")]
public sealed class SwitchTests : IAsyncLifetime
{
    private readonly string _database = $"t{Guid.NewGuid():N}";
    private readonly RelayIdentity _owner = new();
    private readonly List<ProjectingInstance> _instances = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
        {
            await instance.DisposeAsync();
        }
    }

    [Fact]
    public async Task G16_the_first_version_is_read_when_it_has_caught_up_and_not_before()
    {
        var service = await StartAsync(SwitchWhen.Manually, versions: 1);
        await service.AppendAsync("a", new AccountOpened("a", "Ann"));
        var early = await Assert.ThrowsAsync<OutboxException>(() => service.Rows.FindAsync("a"));
        Assert.Contains("has not caught up", early.Message);

        await PassesAsync(service);

        Assert.Equal("Ann", (await service.Rows.FindAsync("a"))!.Owner);
        Assert.Null(await service.Rows.FindAsync("nobody"));
        Assert.Equal(["account-list.v1 CaughtUp in use"], await StatusAsync(service));
    }

    [Fact]
    public async Task G16_a_new_version_is_built_beside_the_one_in_use_and_replaces_it_when_it_has_caught_up()
    {
        await PassesAsync(await StartAsync(SwitchWhen.CaughtUp, versions: 1));
        var service = await StartAsync(SwitchWhen.CaughtUp, versions: 2);
        await service.AppendAsync("a", new AccountOpened("a", "Ann"));
        var feed = Feed(service);
        feed.Lag = 7;
        await PassesAsync(service);
        Assert.Equal(["account-list.v1 CaughtUp in use", "account-list.v2 Building"], await StatusAsync(service));

        feed.Lag = 0;
        await PassesAsync(service);

        Assert.Equal(["account-list.v1 CaughtUp", "account-list.v2 CaughtUp in use"], await StatusAsync(service));
        Assert.Equal(2, (await service.Rows.FindAsync("a"))!.Schema);
        Assert.Contains("account-list.v2", feed.Pinned);
    }

    [Fact]
    public async Task G16_a_version_under_steady_load_has_caught_up_when_what_was_there_a_moment_ago_is_done()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var service = await StartAsync(SwitchWhen.CaughtUp, versions: 1, time: time);
        var feed = Feed(service);
        feed.Lag = 5;
        await PassesAsync(service);
        Assert.Equal(["account-list.v1 Building"], await StatusAsync(service));

        feed.End += 50;
        time.Advance(TimeSpan.FromSeconds(2));
        await PassesAsync(service);

        Assert.Equal(["account-list.v1 CaughtUp in use"], await StatusAsync(service));
    }

    [Fact]
    public async Task G16_a_new_version_of_which_an_event_is_parked_is_not_given_to_readers_by_itself()
    {
        await PassesAsync(await StartAsync(SwitchWhen.CaughtUp, versions: 1));
        var service = await StartAsync(SwitchWhen.CaughtUp, versions: 2, fails: info => info.Version == 2);
        await service.AppendAsync("a", new AccountOpened("a", "Ann"), new AmountBooked("a", 1));
        await PassesAsync(service);
        Assert.Equal(["account-list.v1 CaughtUp in use", "account-list.v2 CaughtUp"], await StatusAsync(service));

        await service.Projections.SkipParkedAsync("account-list", "nobody needs it");
        await PassesAsync(service);

        Assert.Equal(["account-list.v1 CaughtUp", "account-list.v2 CaughtUp in use"], await StatusAsync(service));
    }

    [Fact]
    public async Task G16_with_a_manual_switch_a_person_decides_and_may_go_back()
    {
        await PassesAsync(await StartAsync(SwitchWhen.Manually, versions: 1));
        var service = await StartAsync(SwitchWhen.Manually, versions: 2);
        await service.AppendAsync("a", new AccountOpened("a", "Ann"));
        await Assert.ThrowsAsync<OutboxException>(() => service.Projections.SwitchAsync("account-list", 2, "too early"));
        await PassesAsync(service);
        Assert.Equal(["account-list.v1 CaughtUp in use", "account-list.v2 CaughtUp"], await StatusAsync(service));

        await service.Projections.SwitchAsync("account-list", 2, "it looks right");
        Assert.Equal(["account-list.v1 CaughtUp", "account-list.v2 CaughtUp in use"], await StatusAsync(service));

        await service.Projections.SwitchAsync("account-list", 1, "it does not");
        await PassesAsync(service);
        Assert.Equal(["account-list.v1 CaughtUp in use", "account-list.v2 CaughtUp"], await StatusAsync(service));
    }

    [Fact]
    public async Task G16_a_version_that_a_person_has_taken_back_is_not_given_to_readers_again_by_itself()
    {
        await PassesAsync(await StartAsync(SwitchWhen.CaughtUp, versions: 1));
        var service = await StartAsync(SwitchWhen.CaughtUp, versions: 2);
        await PassesAsync(service);
        Assert.Equal(["account-list.v1 CaughtUp", "account-list.v2 CaughtUp in use"], await StatusAsync(service));

        await service.Projections.SwitchAsync("account-list", 1, "taken back");
        await PassesAsync(service);

        Assert.Equal(["account-list.v1 CaughtUp in use", "account-list.v2 CaughtUp"], await StatusAsync(service));
    }

    [Fact]
    public async Task G16_a_version_is_rebuilt_beside_itself_and_what_is_retired_is_deleted_a_minute_later()
    {
        var service = await StartAsync(SwitchWhen.CaughtUp, versions: 1);
        await service.AppendAsync("a", new AccountOpened("a", "Ann"), new AmountBooked("a", 1));
        await PassesAsync(service);
        await service.Collections.Database.GetCollection<BsonDocument>("account-list.v1").UpdateOneAsync("{}", "{ $set: { Owner: 'Eve' } }");

        await service.Projections.RebuildAsync("account-list", "somebody wrote to it");
        await Assert.ThrowsAsync<OutboxException>(() => service.Projections.RebuildAsync("account-list", "twice"));
        Assert.Equal("Eve", (await service.Rows.FindAsync("a"))!.Owner);
        await PassesAsync(service);
        Assert.Equal(["account-list.v1 CaughtUp", "account-list.v1.r1 CaughtUp in use"], await StatusAsync(service));

        await service.Projections.RetireAsync("account-list", 1, "the new one is right");
        await Assert.ThrowsAsync<OutboxException>(() => service.Projections.RetireAsync("account-list", 1, "the one in use"));
        await PassesAsync(service);
        Assert.Contains("account-list.v1", await CollectionsAsync(service));

        var retired = new BsonDocument("_id", "account-list.v1");
        await service.Collections.Projections.UpdateOneAsync(retired, new BsonDocument("$set", new BsonDocument("retiredAt", DateTime.UtcNow - TimeSpan.FromMinutes(2))));
        await PassesAsync(service);

        Assert.DoesNotContain("account-list.v1", await CollectionsAsync(service));
        Assert.Equal(0, await service.Collections.InboxSequences.CountDocumentsAsync(new BsonDocument("_id.endpoint", "account-list.v1")));
        Assert.Equal(1, await service.Collections.InboxSequences.CountDocumentsAsync(new BsonDocument("_id.endpoint", "account-list.v1.r1")));
        Assert.Equal(["account-list.v1.r1 CaughtUp in use"], await StatusAsync(service));
    }

    [Fact]
    public async Task G16_a_name_that_was_retired_is_not_used_again()
    {
        await PassesAsync(await StartAsync(SwitchWhen.CaughtUp, versions: 1));
        var service = await StartAsync(SwitchWhen.CaughtUp, versions: 2);
        await PassesAsync(service);
        await service.Projections.RetireAsync("account-list", 1, "v2 is better");

        var back = await StartAsync(SwitchWhen.CaughtUp, versions: 1);

        Assert.Equal(["account-list.v1.r1 Building", "account-list.v2 CaughtUp in use"], await StatusAsync(back));
    }

    [Fact]
    public async Task G16_of_instances_that_switch_at_once_one_does()
    {
        var service = await StartAsync(SwitchWhen.CaughtUp, versions: 1);
        var other = await StartAsync(SwitchWhen.CaughtUp, versions: 1);
        await service.ScanAsync("account-list.v1");
        await Task.WhenAll(PassesAsync(service), PassesAsync(other));

        Assert.Equal(["account-list.v1 CaughtUp in use"], await StatusAsync(service));
    }

    [Fact]
    public async Task G16_a_switch_from_what_is_not_in_use_any_more_changes_nothing()
    {
        var service = await StartAsync(SwitchWhen.CaughtUp, versions: 1);
        await PassesAsync(service);
        var builds = service.Get<MongoProjectionBuilds>();

        Assert.False(await builds.SwitchAsync("account-list", "account-list.v8", null, CancellationToken.None));
        Assert.False(await builds.SwitchAsync("account-list", "account-list.v8", "account-list.v7", CancellationToken.None));

        Assert.Equal(["account-list.v1 CaughtUp in use"], await StatusAsync(service));
    }

    [Fact]
    public async Task G16_a_writer_reads_what_it_has_written_when_it_has_waited_for_it()
    {
        var service = await StartAsync(SwitchWhen.CaughtUp, versions: 1);
        await PassesAsync(service);
        await service.AppendAsync("a", new AccountOpened("a", "Ann"), new AmountBooked("a", 4));
        using var limit = new CancellationTokenSource();
        var waiting = service.Rows.WaitForAsync("a", 2, limit.Token);
        await service.ReceiveAsync("account-list.v1", (await service.KeptAsync()).Take(1));
        Assert.False(waiting.IsCompleted);

        await service.ReceiveAsync("account-list.v1", await service.KeptAsync());
        await waiting.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(4, (await service.Rows.FindAsync("a"))!.Balance);

        var never = service.Rows.WaitForAsync("a", 3, limit.Token);
        await limit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => never);
    }

    private static ProjectingInstance.TestFeed Feed(ProjectingInstance service) => (ProjectingInstance.TestFeed)service.Get<IProjectionFeed>();

    private static async Task<IReadOnlyList<string>> StatusAsync(ProjectingInstance service) =>
        [.. (await service.Projections.StatusAsync()).Select(status => $"{status.Endpoint} {status.State}{(status.IsActive ? " in use" : "")}")];

    private static async Task<List<string>> CollectionsAsync(ProjectingInstance service) => await (await service.Collections.Database.ListCollectionNamesAsync()).ToListAsync();

    /// <summary>As many looks as it takes from a build's first to its switch.</summary>
    private static async Task PassesAsync(ProjectingInstance service)
    {
        for (var look = 0; look < 3; look++)
        {
            await service.Pass.RunAsync(CancellationToken.None);
            await service.Pass.FinishAsync();
        }
    }

    private async Task<ProjectingInstance> StartAsync(SwitchWhen when, int versions, Func<EventInfo, bool>? fails = null, TimeProvider? time = null)
    {
        var instance = await ProjectingInstance.StartAsync(_database, o => o.Projection(new AccountList("account-list", versions, fails), p => p.Switch = when), _owner, time);
        _instances.Add(instance);
        return instance;
    }
}
