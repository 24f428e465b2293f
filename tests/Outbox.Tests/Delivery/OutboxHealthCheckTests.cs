using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using Outbox.Delivery;
using Outbox.Delivery.Health;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Publishing;
using Outbox.Delivery.Retrying;
using Outbox.Operations;
using Outbox.Operations.Pausing;

namespace Outbox.Tests.Delivery;

/// <summary>What the health check says of what it finds.</summary>
public sealed class OutboxHealthCheckTests : IOutboxBacklog, IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services;
    private OutboxBacklog? _backlog = new(0, 0, null);

    public OutboxHealthCheckTests()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time).AddSingleton<IOutboxBacklog>(this).AddSingleton<ILeaseStore, LaneStore>()
            .AddSingleton<IMessagePublisher, ToTopics>()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddOutbox(_ => { });
        services.AddHealthChecks().AddOutbox(limits => limits.DegradedAge = TimeSpan.FromMinutes(2));
        _services = services.BuildServiceProvider();
    }

    private RelayHealth Relay => _services.GetRequiredService<RelayHealth>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task Healthy_with_messages_on_their_way()
    {
        _backlog = new OutboxBacklog(70, 0, TimeSpan.FromSeconds(119));

        var entry = await CheckAsync(HealthStatus.Healthy, "");

        Assert.Equal((70L, 0L, "00:01:59", 0, true), (entry.Data["pending"], entry.Data["parked"], entry.Data["oldestAge"], entry.Data["lanes"], entry.Data["relay"]));
        Assert.Equal(["outbox"], entry.Tags);
    }

    [Fact]
    public async Task Degraded_when_a_message_waits_for_too_long()
    {
        _backlog = new OutboxBacklog(70, 0, TimeSpan.FromSeconds(121));
        await CheckAsync(HealthStatus.Degraded, "The oldest message has waited for 121 s, more than 00:02:00.");
    }

    [Fact]
    public async Task Degraded_when_messages_wait_for_a_person()
    {
        _backlog = new OutboxBacklog(0, 3, null);
        await CheckAsync(HealthStatus.Degraded, "3 messages could not be published");
    }

    [Fact]
    public async Task Degraded_while_the_change_stream_is_broken()
    {
        Relay.Watches = false;
        await CheckAsync(HealthStatus.Degraded, "found by polling every 00:00:01");
        Relay.Watches = true;
        await CheckAsync(HealthStatus.Healthy, "");
    }

    [Fact]
    public async Task Kafka_out_of_reach_is_degraded_and_then_unhealthy_until_something_is_published()
    {
        var places = _services.GetRequiredService<ClosedPlaces>();
        places.Failed(new Place("orders"), "timed out", isAnswered: false);
        await CheckAsync(HealthStatus.Degraded, "Kafka cannot be used for 0 s: timed out (topic orders)");

        _time.Advance(TimeSpan.FromSeconds(20));
        places.Failed(new Place("orders"), "timed out again", isAnswered: false);
        _time.Advance(TimeSpan.FromSeconds(10));
        await CheckAsync(HealthStatus.Unhealthy, "Kafka cannot be used for 30 s: timed out again");

        Relay.Published();
        await CheckAsync(HealthStatus.Degraded, "Nothing gets through to topic orders for 30 s: timed out again");
        places.Done(new Place("orders", 2));
        await CheckAsync(HealthStatus.Healthy, "");
    }

    [Fact]
    public async Task A_place_that_takes_nothing_is_named_with_the_reason_and_Kafka_is_not_blamed()
    {
        var places = _services.GetRequiredService<ClosedPlaces>();
        places.Failed(new Place("orders"), "not authorised for topic orders", isAnswered: true);
        var entry = await CheckAsync(HealthStatus.Degraded, "Nothing gets through to topic orders for 0 s: not authorised for topic orders");
        Assert.DoesNotContain("Kafka", entry.Description, StringComparison.Ordinal);
        Assert.DoesNotContain("MongoDB", entry.Description, StringComparison.Ordinal);
        Assert.Equal("topic orders", entry.Data["failingPlaces"]);

        Relay.Published();
        _time.Advance(TimeSpan.FromMinutes(5));
        Relay.Published();
        await CheckAsync(HealthStatus.Degraded, "topic orders for 300 s");
    }

    [Fact]
    public async Task Wrong_credentials_are_an_outage()
    {
        _services.GetRequiredService<ClosedPlaces>().Failed(Place.Cluster, "the password is wrong", isAnswered: true);
        _time.Advance(TimeSpan.FromSeconds(30));
        await CheckAsync(HealthStatus.Unhealthy, "the cluster for 30 s: the password is wrong");
    }

    [Fact]
    public async Task The_relays_own_failure_is_not_the_databases()
    {
        Relay.RelayFailed("a bug");
        var entry = await CheckAsync(HealthStatus.Degraded, "The relay fails for 0 s: a bug");
        Assert.DoesNotContain("MongoDB", entry.Description, StringComparison.Ordinal);

        Relay.Swept();
        await CheckAsync(HealthStatus.Healthy, "");
    }

    [Fact]
    public async Task Degraded_when_consumed_messages_wait_for_a_person()
    {
        _backlog = new OutboxBacklog(0, 0, null) { InboxParked = 4 };
        var entry = await CheckAsync(HealthStatus.Degraded, "4 consumed messages could not be processed and wait for a person (IInboxOperations).");
        Assert.Equal(4L, entry.Data["inboxParked"]);
    }

    [Fact]
    public async Task Degraded_when_messages_wait_for_earlier_versions_beyond_their_deadline()
    {
        _backlog = new OutboxBacklog(0, 0, null) { OverdueGaps = 2 };
        var entry = await CheckAsync(HealthStatus.Degraded, "2 consumed messages still wait for an earlier version after their deadline");
        Assert.Equal(2L, entry.Data["overdueGaps"]);
    }

    [Fact]
    public async Task Degraded_while_a_history_cannot_go_where_it_was_asked_for()
    {
        _backlog = new OutboxBacklog(0, 0, null) { WaitingReplays = [new WaitingReplay("orders", "orders.history.billing", "no leader.")] };
        var entry = await CheckAsync(HealthStatus.Degraded, "The history of topic orders cannot go to orders.history.billing and is tried again: no leader.");
        Assert.Equal(1, entry.Data["waitingReplays"]);
    }

    [Fact]
    public async Task Degraded_while_a_person_has_paused_publishing()
    {
        Relay.Pauses = [new Pause(PauseTarget.Topic("orders"), _time.GetUtcNow(), _time.GetUtcNow().AddHours(1), Actor.Claimed("ann"), "a bad deploy.")];
        await CheckAsync(HealthStatus.Degraded, "Topic orders is paused by ann (claimed) until 2000-01-01 01:00:00 UTC: a bad deploy.");
        Relay.Pauses = [];
        await CheckAsync(HealthStatus.Healthy, "");
    }

    [Fact]
    public async Task Degraded_while_messages_wait_for_a_newer_instance()
    {
        Relay.NotKnownHere("the unknown format 'morse'", TimeSpan.FromMinutes(1));
        await CheckAsync(HealthStatus.Degraded, "the unknown format 'morse'");
        _time.Advance(TimeSpan.FromMinutes(2));
        await CheckAsync(HealthStatus.Healthy, "");
    }

    [Fact]
    public async Task MongoDB_out_of_reach_is_degraded_and_then_unhealthy_until_a_sweep_comes_to_its_end()
    {
        _backlog = null;
        var entry = await CheckAsync(HealthStatus.Degraded, "MongoDB cannot be used for 0 s: no primary");
        Assert.DoesNotContain("pending", entry.Data.Keys);

        _time.Advance(TimeSpan.FromSeconds(30));
        await CheckAsync(HealthStatus.Unhealthy, "MongoDB cannot be used for 30 s: no primary");

        _backlog = new OutboxBacklog(0, 0, null);
        Relay.Swept();
        await CheckAsync(HealthStatus.Healthy, "");
    }

    Task<OutboxBacklog> IOutboxBacklog.ReadAsync(CancellationToken cancellationToken) =>
        _backlog is null ? Task.FromException<OutboxBacklog>(new IOException("no primary")) : Task.FromResult(_backlog);

    private async Task<HealthReportEntry> CheckAsync(HealthStatus status, string description)
    {
        var entry = (await _services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken)).Entries["outbox"];
        Assert.Equal(status, entry.Status);
        Assert.Contains(description, entry.Description ?? "", StringComparison.Ordinal);
        Assert.Equal(description.Length == 0, string.IsNullOrEmpty(entry.Description));
        return entry;
    }
}
