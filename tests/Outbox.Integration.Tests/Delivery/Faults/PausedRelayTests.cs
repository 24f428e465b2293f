using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Embedded.Kafka;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Delivery.Faults;

/// <summary>A relay process that is stopped (SIGSTOP) at each step of a batch for longer than its lease, and goes on after another has published everything.</summary>
public abstract class PausedRelayTests(string fencing) : IAsyncLifetime
{
    private const int Entities = 10;
    private const int Versions = 8;
    private const int Page = 20;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);
    private KafkaCluster? _slow;
    private TestService _writer = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Processes are stopped by POSIX signals.");
        var place = await TestPlace.SharedAsync();
        if ((await KafkaServer.GetAsync()).Embedded is not null)
        {
            // So slow that a request is still on its way when the process is stopped.
            _slow = KafkaCluster.Start(new KafkaClusterOptions { RoundTrip = TimeSpan.FromMilliseconds(30) });
            _slow.CreateTopic(place.Topic, 4);
            place = place with { Kafka = _slow.BootstrapServers };
        }

        _writer = await TestService.StartAsync(o => o.RelayEnabled = false, place: place);
    }

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }

        if (_slow is not null)
        {
            await _slow.DisposeAsync();
        }
    }

    // While one page is being deleted, the next may be on the wire.
    [Theory]
    [InlineData("before-read", 0)]
    [InlineData("before-publish", 0)]
    [InlineData("on-the-wire", Page)]
    [InlineData("before-delete", Page)]
    [InlineData("after-delete", Page)]
    public async Task G4_a_relay_stopped_at_any_step_publishes_at_most_the_batch_that_was_on_the_wire(string step, int atMost)
    {
        await WriteAsync(1, 5);
        (string Name, string Value)[] settings =
        [
            ("Outbox__Kafka__Fencing", fencing),
            ("Outbox__Kafka__TransactionalIdPrefix", _writer.DatabaseName),
            ("Outbox__QueryMessageLimit", $"{Page}"),
        ];
        using var stopped = RelayProcess.Start(_writer.Place, Lease, [.. settings, (RelayProcess.PauseAt, step)]);
        await stopped.HaltedAsync();
        stopped.Pause();
        await WriteAsync(6, Versions);
        using var successor = RelayProcess.Start(_writer.Place, Lease, settings);
        await Eventually.DrainedAsync(_writer);
        var before = (await _writer.ReadTopicAsync()).Count;

        stopped.Continue();
        stopped.GoOn();
        await Eventually.TrueAsync(async () => await OwnersAsync() == 2, "the relay that was stopped holds lanes again");

        var log = await _writer.ReadTopicAsync();
        Delivered.AssertCompleteAndOrdered(log, Entities, Versions);
        Assert.InRange(log.Count - before, 0, atMost);
    }

    private async Task WriteAsync(long first, long last)
    {
        for (var entity = 1; entity <= Entities; entity++)
        {
            for (var version = first; version <= last; version++)
            {
                await _writer.PublishAsync($"o{entity}", version);
            }
        }
    }

    private async Task<int> OwnersAsync() =>
        (await _writer.Database.GetCollection<BsonDocument>("outbox.leases").Find(FilterDefinition<BsonDocument>.Empty).ToListAsync())
        .Select(lease => lease["owner"]).Distinct().Count();
}

public sealed class PausedRelayOfLeaseTimeTests() : PausedRelayTests("LeaseTime");

public sealed class PausedRelayOfKafkaTransactionsTests() : PausedRelayTests("KafkaTransactions");
