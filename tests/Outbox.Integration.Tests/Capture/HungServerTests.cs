using System.Diagnostics;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Embedded.MongoDb;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Capture;

/// <summary>A server that does not die but hangs: what was sent to it is never answered.</summary>
public sealed class HungServerTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task G10_a_server_that_hangs_costs_less_than_a_lease_and_nothing_is_lost()
    {
        await using var server = await MongoServer.StartAsync();
        using var proxy = new FreezingProxy(server.Port);
        var place = await TestPlace.SharedAsync();
        place = place with { MongoDb = $"mongodb://{proxy.Address}/?directConnection=true" };
        await using var service = await TestService.StartAsync(o => o.LeaseDuration = Lease, place: place);
        await service.PublishAsync("e-1", 1);

        proxy.Freeze();
        var hung = Stopwatch.StartNew();
        await service.PublishAsync("e-1", 2);
        await Eventually.DrainedAsync(service);

        // The heartbeat and the connect timeout are 7 s together; the driver's own are 40 s, of which the server may have hung for 10 unnoticed. The time is for a busy machine:
        // that it is less than a lease on an idle one, the client's limits say.
        Assert.True(hung.Elapsed < TimeSpan.FromSeconds(25), $"A message was published {hung.Elapsed.TotalSeconds:0.0} s after the server hung.");
        Assert.InRange(MongoDb.Sessions.HangLimits.Of(service.Database.Client.Settings), TimeSpan.Zero, Lease);
        Delivered.AssertCompleteAndOrdered(await service.ReadTopicAsync(), entities: 1, versions: 2);
    }

    [Theory]
    [InlineData("mongodb://localhost/", 2, 5)]
    [InlineData("mongodb://localhost/?connectTimeoutMS=20000", 2, 20)]
    [InlineData("mongodb://localhost/?heartbeatFrequencyMS=9000&connectTimeout=1s", 9, 1)]
    [InlineData("mongodb://localhost/?appName=a&heartbeatInterval=4s", 4, 5)]
    public void The_lease_gives_the_limits_and_the_connection_string_wins(string connection, int heartbeat, int connect)
    {
        var settings = MongoClientSettings.FromConnectionString(connection);

        MongoDb.Sessions.HangLimits.Apply(settings, connection, Lease);

        Assert.Equal((TimeSpan.FromSeconds(heartbeat), TimeSpan.FromSeconds(connect)), (settings.HeartbeatInterval, settings.ConnectTimeout));
    }
}
