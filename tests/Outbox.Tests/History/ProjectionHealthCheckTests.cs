using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using Outbox.History.Projecting;

namespace Outbox.Tests.History;

/// <summary>What the health check says of how the read models stand.</summary>
public sealed class ProjectionHealthCheckTests : IProjections, IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services;
    private Func<CancellationToken, Task<IReadOnlyList<ProjectionStatus>>> _answer = _ => throw new InvalidOperationException("nothing to say");

    public ProjectionHealthCheckTests()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time).AddSingleton<IProjections>(this)
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddHealthChecks().AddOutboxProjections(limits => limits.DegradedLag = 50);
        _services = services.BuildServiceProvider();
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task Healthy_while_one_version_is_read_and_the_next_one_is_built()
    {
        Standing(Active() with { Lag = 50 }, Built(2, moved: TimeSpan.FromSeconds(119)));
        var entry = await CheckAsync(HealthStatus.Healthy, "");
        Assert.Equal(["orders.v1", "orders.v2"], entry.Data.Keys.Order());
        Assert.Equal(["outbox"], entry.Tags);
    }

    [Fact]
    public async Task Degraded_when_events_are_parked()
    {
        Standing(Active() with { Parked = 3 });
        await CheckAsync(HealthStatus.Degraded, "Read model orders.v1 could not project 3 events");
    }

    [Fact]
    public async Task Degraded_when_the_version_in_use_is_far_behind()
    {
        Standing(Active() with { Lag = 51 }, Built(2) with { Lag = 1_000, IsScanned = true });
        var entry = await CheckAsync(HealthStatus.Degraded, "Read model orders.v1 has 51 messages left to do, more than 50.");
        Assert.DoesNotContain("orders.v2", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Degraded_when_the_next_version_is_stuck_and_unhealthy_when_there_is_no_other()
    {
        Standing(Active(), Built(2, moved: TimeSpan.FromMinutes(2)));
        await CheckAsync(HealthStatus.Degraded, "Read model orders.v2 is being built, at 30 %, and has not moved for 120 s.");

        Standing(Built(1, moved: TimeSpan.FromMinutes(2)), Active() with { Name = "others", Endpoint = "others.v1" });
        await CheckAsync(HealthStatus.Unhealthy, "Read model orders.v1 is being built, at 30 %, and has not moved for 120 s.");
    }

    [Fact]
    public async Task Degraded_when_nobody_can_say()
    {
        await CheckAsync(HealthStatus.Degraded, "How the read models stand is not known: nothing to say");

        _answer = async cancellationToken =>
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return [];
        };
        await CheckAsync(HealthStatus.Degraded, "no answer within 00:00:05");
    }

    Task<IReadOnlyList<ProjectionStatus>> IProjections.StatusAsync(CancellationToken cancellationToken) => _answer(cancellationToken);

    Task IProjections.RebuildAsync(string name, string reason, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task IProjections.SwitchAsync(string name, int version, string reason, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task IProjections.RetireAsync(string name, int version, string reason, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<long> IProjections.RetryParkedAsync(string name, string reason, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<long> IProjections.SkipParkedAsync(string name, string reason, CancellationToken cancellationToken) => throw new NotSupportedException();

    private static ProjectionStatus Active() => new("orders", 1, "orders.v1", ProjectionState.CaughtUp, IsActive: true);

    private ProjectionStatus Built(int version, TimeSpan moved = default) => new("orders", version, $"orders.v{version}", ProjectionState.Building, IsActive: false)
    {
        Read = 30,
        Total = 100,
        UpdatedAt = _time.GetUtcNow() - moved,
    };

    private void Standing(params IReadOnlyList<ProjectionStatus> all) => _answer = _ => Task.FromResult(all);

    private async Task<HealthReportEntry> CheckAsync(HealthStatus status, string description)
    {
        var entry = (await _services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries[ProjectionHealthChecksBuilderExtensions.Name];
        Assert.Equal(status, entry.Status);
        Assert.Contains(description, entry.Description ?? "", StringComparison.Ordinal);
        return entry;
    }
}
