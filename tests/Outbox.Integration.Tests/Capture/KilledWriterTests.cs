using System.Diagnostics;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Integration.Tests.Delivery.Faults;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Capture;

/// <summary>
/// A process that dies inside a transaction leaves it open on the server, which keeps its documents for a minute. Others get them within a lease.
/// </summary>
public sealed class KilledWriterTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    /// <summary>Twice a lease and what a busy machine may add; still far from the server's minute.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("update orders")]
    [InlineData("findAndModify entity.versions")]
    [InlineData("insert outbox")]
    [InlineData("commitTransaction")]
    public async Task G10_what_a_killed_process_held_is_free_within_a_lease(string step)
    {
        var place = await TestPlace.SharedAsync();
        await using var service = await TestService.StartAsync(o => o.LeaseDuration = Lease, place: place);
        using (var writer = Start(place, step))
        {
            await writer.HaltedAsync();
            writer.Kill();
        }

        var killed = Stopwatch.StartNew();
        await WriteAsync(service);

        Assert.True(killed.Elapsed < Limit, $"The order of a process killed at '{step}' could be written after {killed.Elapsed.TotalSeconds:0.0} s.");
        Assert.Equal(1, (await service.Orders.Find(FilterDefinition<BsonDocument>.Empty).SingleAsync(TestContext.Current.CancellationToken))["written"].ToInt32());
    }

    [Fact]
    public async Task G10_a_process_that_was_only_paused_finds_its_transaction_ended_and_runs_it_again()
    {
        var place = await TestPlace.SharedAsync();
        await using var service = await TestService.StartAsync(o => o.LeaseDuration = Lease, place: place);
        using var writer = Start(place, "insert outbox");
        await writer.HaltedAsync();
        writer.Pause();

        await WriteAsync(service);
        writer.Continue();
        writer.GoOn();
        await writer.SaysAsync("committed");

        Assert.Equal(2, (await service.Orders.Find(FilterDefinition<BsonDocument>.Empty).SingleAsync(TestContext.Current.CancellationToken))["written"].ToInt32());
    }

    [Fact]
    public async Task An_instance_that_stops_leaves_nothing_behind()
    {
        var place = await TestPlace.SharedAsync();
        await using var other = await TestService.StartAsync(place: place);
        var service = await TestService.StartAsync(place: place);
        await service.PublishAsync("e-1", 1);
        var instances = other.Database.GetCollection<BsonDocument>("outbox.instances");
        Assert.Equal(2, await instances.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty, cancellationToken: TestContext.Current.CancellationToken));

        await service.DisposeAsync();

        Assert.Equal(1, await instances.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty, cancellationToken: TestContext.Current.CancellationToken));
    }

    private static RelayProcess Start(TestPlace place, string step) => RelayProcess.Start(place, Lease, (RelayProcess.WriteUntil, step));

    /// <summary>The driver repeats it while the documents are held.</summary>
    private static Task WriteAsync(TestService service) => service.Outbox.ExecuteAsync(
        (tx, token) => service.Orders.UpdateOneAsync(
            tx.Session, new BsonDocument("_id", "o-1"), new BsonDocument("$inc", new BsonDocument("written", 1)), new UpdateOptions { IsUpsert = true }, token),
        TestContext.Current.CancellationToken);
}
