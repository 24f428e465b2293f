using System.Threading.Channels;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Publishing;
using Outbox.Statistics;
using Outbox.Tests.Delivery;

namespace Outbox.Tests.Telemetry;

/// <summary>Who asks the store, and what is shown of its answers.</summary>
public sealed class StatisticsServiceTests : IOutboxStatistics, IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Channel<bool> _reads = Channel.CreateUnbounded<bool>();
    private readonly Channel<bool> _looks = Channel.CreateUnbounded<bool>();
    private readonly ServiceProvider _services;
    private readonly StatisticsService _service;
    private volatile bool _isFree = true;
    private Func<OutboxStatistics> _answer = () => new OutboxStatistics { Pending = 7, OldestAge = TimeSpan.Zero, Parked = [new ParkedCount("orders", "Failed", 3, TimeSpan.FromHours(1))] };

    public StatisticsServiceTests()
    {
        _services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time).AddSingleton<IOutboxStatistics>(this).AddSingleton<ILeaseStore, LaneStore>()
            .AddSingleton<IMessagePublisher, ToTopics>().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddOutbox(_ => { }).BuildServiceProvider();
        _service = ActivatorUtilities.CreateInstance<StatisticsService>(_services);
        ActivatorUtilities.CreateInstance<GaugeService>(_services);
    }

    private LaneLeases Leases => _services.GetRequiredService<LaneLeases>();

    public async ValueTask DisposeAsync()
    {
        await _service.StopAsync(default);
        await _services.DisposeAsync();
    }

    Task<OutboxStatistics> IOutboxStatistics.ReadAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        Assert.Equal(TimeSpan.FromSeconds(2), limit);
        try
        {
            return Task.FromResult(_answer());
        }
        finally
        {
            _reads.Writer.TryWrite(true);
        }
    }

    Task<bool> IOutboxStatistics.IsFreeAsync(int lane, TimeSpan limit, CancellationToken cancellationToken)
    {
        Assert.Equal(0, lane);
        _looks.Writer.TryWrite(true);
        return Task.FromResult(_isFree);
    }

    [Fact]
    public async Task Where_no_relay_has_lane_0_for_longer_than_a_takeover_lasts_any_process_shows_it_until_one_has_it_again()
    {
        using var gauges = new Gauges(_services);
        await _service.StartAsync(default);
        await _looks.Reader.ReadAsync();
        Assert.Null(gauges["outbox.pending"]);

        await PassAsync(TimeSpan.FromSeconds(15));
        await gauges.BecomesAsync("outbox.pending", 7);
        Assert.True(gauges["outbox.stats.age"] <= 1, "it may be asked while the clock is moved once more");

        _isFree = false;
        while (gauges["outbox.pending"] is not null)
        {
            await PassAsync(_looks, TimeSpan.FromSeconds(15));
        }

        Assert.Null(gauges["outbox.stats.age"]);
    }

    [Fact]
    public async Task The_owner_of_lane_0_shows_what_it_reads_every_15_seconds_and_how_old_that_is_when_it_cannot()
    {
        await Leases.UseAsync(() => Task.FromResult(true), default);
        using var gauges = new Gauges(_services);
        await _service.StartAsync(default);
        await _reads.Reader.ReadAsync();
        await gauges.BecomesAsync("outbox.pending", 7);
        Assert.Equal((3, 0, 0), (gauges["outbox.parked side=outbox topic=orders reason=Failed"], gauges["outbox.oldest.age"], gauges["outbox.stats.age"]));
        Assert.Equal((3_600, 0), (gauges["outbox.parked.oldest.age side=outbox"], gauges["outbox.parked.oldest.age side=inbox"]));
        Assert.Null(gauges["outbox.lane.unowned"]);

        _answer = () => throw new InvalidOperationException("no server");
        for (var i = 0; i < 10; i++)
        {
            await PassAsync(TimeSpan.FromSeconds(15));
        }

        Assert.Equal((7, true), (gauges["outbox.pending"], gauges["outbox.stats.age"] >= 150));

        _answer = () => new OutboxStatistics { Pending = 8, Unknown = ["what is parked took too long"] };
        await PassAsync(TimeSpan.FromSeconds(15));
        await gauges.BecomesAsync("outbox.pending", 8);
        Assert.True(gauges["outbox.stats.age"] >= 165, "part of it is still not known");

        _answer = () => new OutboxStatistics { Pending = 9 };
        await PassAsync(TimeSpan.FromSeconds(15));
        await gauges.BecomesAsync("outbox.pending", 9);
        Assert.True(gauges["outbox.stats.age"] <= 1, "it may be asked while the clock is moved once more");
    }

    [Fact]
    public async Task A_process_that_loses_the_lane_shows_nothing_any_more()
    {
        await Leases.UseAsync(() => Task.FromResult(true), default);
        using var gauges = new Gauges(_services);
        await _service.StartAsync(default);
        await gauges.BecomesAsync("outbox.pending", 7);
        await Leases.LeaveAsync(default);

        Assert.Equal((null, null, 0), (gauges["outbox.pending"], gauges["outbox.stats.age"], gauges["outbox.relay.lanes"]));
    }

    [Fact]
    public async Task Nobody_asks_without_the_lane_or_without_a_listener()
    {
        _isFree = false;
        await _service.StartAsync(default);
        using (var gauges = new Gauges(_services))
        {
            await PassAsync(_looks, TimeSpan.FromSeconds(15));
            Assert.Null(gauges["outbox.stats.age"]);
            Assert.True(_services.GetRequiredService<LatestStatistics>().IsWatched);
        }

        Assert.False(_services.GetRequiredService<LatestStatistics>().IsWatched);
        Assert.False(_reads.Reader.TryRead(out _));
    }

    /// <summary>Until the service has asked once more: it may not have begun to wait yet.</summary>
    private Task PassAsync(TimeSpan time) => PassAsync(_reads, time);

    private async Task PassAsync(Channel<bool> asked, TimeSpan time)
    {
        var read = asked.Reader.ReadAsync().AsTask();
        _time.Advance(time);
        while (await Task.WhenAny(read, Task.Delay(20)) != read && !read.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
