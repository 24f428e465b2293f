using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Outbox.Inbox.Health;
using Outbox.Operations.Pausing;
using Outbox.Statistics;
using Outbox.Tests.Operations;

namespace Outbox.Tests.Telemetry;

/// <summary>What is shown and said of an endpoint that is behind, kept from working, or paused.</summary>
public sealed class EndpointGaugeTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly EndpointStates _endpoints;
    private readonly EndpointState _state;
    private readonly Gauges _gauges;
    private readonly StoredPauses _stored = new();
    private readonly PauseBook _pauses;

    public EndpointGaugeTests()
    {
        _endpoints = new EndpointStates(_time);
        _state = _endpoints.Of("shipping", "orders");
        _state.Started();
        _pauses = new PauseBook([_stored], _time, NullLogger<PauseBook>.Instance);
        _ = new EndpointGauges(_services.GetRequiredService<IMeterFactory>(), _endpoints, _pauses);
        _gauges = new Gauges(_services);
    }

    public void Dispose()
    {
        _gauges.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void Lag_is_shown_in_messages_and_in_time_and_not_at_all_while_nobody_knows()
    {
        Assert.Equal((null, null), (Shown("lag"), Shown("lag.time")));

        _state.Report(2, 5, _time.GetUtcNow().AddSeconds(-30));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((5, 40), (Shown("lag"), Shown("lag.time")));

        _state.Report(2, 5);
        Assert.Equal((5, null), (Shown("lag"), Shown("lag.time")));

        _state.Report(2, 0);
        Assert.Equal((0, 0), (Shown("lag"), Shown("lag.time")));
    }

    [Fact]
    public void For_how_long_something_keeps_it_from_working_is_shown()
    {
        Assert.Equal(0, Shown("failing.time"));
        _state.Faulted("broker", "no broker");
        _time.Advance(TimeSpan.FromSeconds(20));
        _state.Faulted("outage", "no database");
        Assert.Equal(20, Shown("failing.time"));
        _state.Recovered("broker");
        Assert.Equal(0, Shown("failing.time"));
    }

    [Fact]
    public async Task A_paused_endpoint_is_shown_and_said_to_be_paused_and_not_to_consume_nothing()
    {
        _state.Report(2, 5);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal((0, HealthStatus.Unhealthy), (Shown("paused"), (await CheckAsync()).Status));

        _stored.Add(PauseTarget.Endpoint("shipping"), _time.GetUtcNow(), "a migration");
        _stored.Add(PauseTarget.Topic("orders"), _time.GetUtcNow(), "a bad deploy");
        await _pauses.LookAsync(TestContext.Current.CancellationToken);
        var result = await CheckAsync();
        Assert.Equal((1, HealthStatus.Degraded), (Shown("paused"), result.Status));
        Assert.StartsWith("Endpoint shipping (orders) is paused by ann (claimed) until ", result.Description, StringComparison.Ordinal);
        Assert.EndsWith(": a migration.", result.Description, StringComparison.Ordinal);
    }

    private double? Shown(string name) => _gauges[$"outbox.endpoint.{name} endpoint=shipping topic=orders"];

    private Task<HealthCheckResult> CheckAsync()
    {
        var check = new InboxHealthCheck(_endpoints, [], Options.Create(new InboxHealthOptions()), _pauses, _time);
        return check.CheckHealthAsync(new HealthCheckContext { Registration = new HealthCheckRegistration("inbox", check, HealthStatus.Unhealthy, []) });
    }
}
