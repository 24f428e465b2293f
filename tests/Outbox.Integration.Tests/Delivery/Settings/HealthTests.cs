using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MongoDB.Bson;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Delivery.Settings;

/// <summary>The health check of a running service.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task A_relay_at_work_is_healthy_and_shows_its_lanes()
    {
        await using var service = await StartAsync(relay: true);

        HealthReportEntry entry = default;
        await Eventually.TrueAsync(async () => (entry = await CheckAsync(service)) is { Status: HealthStatus.Healthy } && (int)entry.Data["lanes"] == 8, "the relay holds all lanes");

        Assert.Null(entry.Description);
        Assert.Equal((0L, 0L, "00:00:00"), (entry.Data["pending"], entry.Data["parked"], entry.Data["oldestAge"]));
    }

    [Fact]
    public async Task Messages_that_nobody_publishes_and_messages_that_are_parked_are_told()
    {
        await using var service = await StartAsync(relay: false);
        await service.PublishAsync("o1", 1, 2);
        var delayed = new Outbox.Capture.MessageOptions { NotBefore = DateTimeOffset.UtcNow.AddDays(1) };
        await service.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new OrderPlaced("o1", 7), "o1", 3, delayed);
            return Task.CompletedTask;
        });
        await service.Database.GetCollection<BsonDocument>("outbox.parked").InsertOneAsync(new BsonDocument("_id", "m1"));
        var captured = DateTime.UtcNow.AddHours(-2);
        await service.Messages.UpdateManyAsync(new BsonDocument("version", new BsonDocument("$lt", 3)), new BsonDocument("$set", new BsonDocument("timestamp", captured)));

        var entry = await CheckAsync(service);
        var most = (DateTime.UtcNow - captured).TotalSeconds;

        Assert.Equal(HealthStatus.Degraded, entry.Status);
        var waited = Regex.Match(entry.Description!, @"The oldest message has waited for (\d+) s");
        Assert.InRange(int.Parse(waited.Groups[1].Value, CultureInfo.InvariantCulture), 7_200, (int)Math.Ceiling(most));
        Assert.Contains("1 messages could not be published", entry.Description, StringComparison.Ordinal);
        Assert.Equal((3L, 1L, false, 0), (entry.Data["pending"], entry.Data["parked"], entry.Data["relay"], entry.Data["lanes"]));
    }

    private static Task<TestService> StartAsync(bool relay) => TestService.StartAsync(
        o => o.RelayEnabled = relay, services => services.AddHealthChecks().AddOutbox(health => health.Timeout = TimeSpan.FromMinutes(1)));

    private static async Task<HealthReportEntry> CheckAsync(TestService service) =>
        (await service.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["outbox"];
}
