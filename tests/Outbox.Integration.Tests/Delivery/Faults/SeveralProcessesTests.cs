using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Delivery.Faults;

/// <summary>Relays in processes of their own, killed, paused and shut down while messages are written.</summary>
public sealed class SeveralProcessesTests : IAsyncLifetime
{
    private const int Entities = 20;
    private const int Versions = 40;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);
    private TestService _writer = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Processes are stopped by POSIX signals.");
        _writer = await TestService.StartAsync(o => o.RelayEnabled = false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }
    }

    [Fact]
    public async Task G10_relays_killed_in_mid_stream_lose_nothing_and_keep_every_entity_in_order()
    {
        using var first = RelayProcess.Start(_writer.Place, Lease);
        using var second = RelayProcess.Start(_writer.Place, Lease);
        var writing = WriteAsync();
        await PublishedAsync(50);
        first.Kill();
        using var third = RelayProcess.Start(_writer.Place, Lease);
        await PublishedAsync(300);
        second.Kill();

        await writing;
        await Eventually.DrainedAsync(_writer);

        Delivered.AssertCompleteAndOrdered(await _writer.ReadTopicAsync(), Entities, Versions);
    }

    [Fact]
    public async Task G4_a_relay_paused_past_its_lease_puts_nothing_new_behind_what_its_successor_published()
    {
        using var paused = RelayProcess.Start(_writer.Place, Lease);
        var writing = WriteAsync();
        await PublishedAsync(100);
        paused.Pause();
        using var successor = RelayProcess.Start(_writer.Place, Lease);

        await writing;
        await Eventually.DrainedAsync(_writer);
        var before = (await _writer.ReadTopicAsync()).Count;
        paused.Continue();
        await Eventually.TrueAsync(async () => await OwnersAsync() == 2, "the relay that was paused holds lanes again");

        var log = await _writer.ReadTopicAsync();
        Delivered.AssertCompleteAndOrdered(log, Entities, Versions);
        Assert.True(log.Count - before <= 50, $"{log.Count - before} records came after the pause: more than the one batch that was on the wire");
    }

    [Fact]
    public async Task G3_a_relay_that_is_shut_down_in_mid_stream_hands_its_lanes_over_and_publishes_nothing_twice()
    {
        using var first = RelayProcess.Start(_writer.Place, TimeSpan.FromMinutes(1));
        var writing = WriteAsync();
        await PublishedAsync(100);
        using var second = RelayProcess.Start(_writer.Place, TimeSpan.FromMinutes(1));
        Assert.Equal(0, await first.ShutDownAsync());

        await writing;
        await Eventually.DrainedAsync(_writer);

        var log = await _writer.ReadTopicAsync();
        Delivered.AssertCompleteAndOrdered(log, Entities, Versions);
        Delivered.AssertNoDuplicates(log);
    }

    private Task WriteAsync() => Parallel.ForEachAsync(Enumerable.Range(1, Entities), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (entity, _) =>
        await _writer.PublishAsync($"o{entity}", [.. Enumerable.Range(1, Versions).Select(version => (long)version)]));

    private Task PublishedAsync(int count) => Eventually.TrueAsync(
        async () => (await _writer.ReadTopicAsync()).Count >= count || await IsWrittenAndDrainedAsync(), $"{count} messages are published");

    private async Task<bool> IsWrittenAndDrainedAsync() =>
        await _writer.Messages.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty) == 0 && (await _writer.ReadTopicAsync()).Count >= Entities * Versions;

    private async Task<int> OwnersAsync() =>
        (await _writer.Database.GetCollection<BsonDocument>("outbox.leases").Find(FilterDefinition<BsonDocument>.Empty).ToListAsync())
        .Select(lease => lease["owner"]).Distinct().Count();
}
