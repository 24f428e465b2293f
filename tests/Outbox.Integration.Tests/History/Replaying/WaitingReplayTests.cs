using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History.Replaying;
using Outbox.Inbox;
using Outbox.Integration.Tests.History.Repairing;
using Outbox.Integration.Tests.Servers;
using Outbox.MongoDb;
using Outbox.Payloads;

namespace Outbox.Integration.Tests.History.Replaying;

/// <summary>A history that just cannot go where it was asked for.</summary>
public sealed class WaitingReplayTests
{
    private const string Down = "the key store is down";

    [Fact]
    public async Task G15_a_replay_that_waits_is_named_by_health_until_a_page_gets_through()
    {
        var (place, into) = await HistoryReplayTests.PlaceAsync();
        await using var owner = await OwnerInstance.StartAsync(place, a => a.ReplayPerSecond = 1_000, replace: Services, outbox: o =>
        {
            o.Payloads(p => p.AddTransform<Brittle>());
            o.Topic(place.Topic, t => t.Transform(Brittle.TransformName));
        });
        var brittle = owner.Services.GetServices<IPayloadTransform>().OfType<Brittle>().Single();
        await owner.LoseAsync("o", 1, 2, 3);

        await AddAsync(owner, place.Topic, into);
        await Eventually.TrueAsync(
            async () => await HealthAsync(owner) is { Status: HealthStatus.Degraded } health && health.Description!.Contains($"The history of topic {place.Topic} cannot go to {into}", StringComparison.Ordinal)
                && health.Description.Contains(Down, StringComparison.Ordinal),
            "health names the replay");
        Assert.Contains(Down, (await ReplayAsync(owner)).Error, StringComparison.Ordinal);

        // A step is no way out as long as it fails.
        var failures = brittle.Failures;
        await EndRestAsync(owner);
        await Eventually.TrueAsync(() => Task.FromResult(brittle.Failures > failures), "it is tried again");
        Assert.Contains(Down, (await ReplayAsync(owner)).Error, StringComparison.Ordinal);

        brittle.Fails = false;
        await Eventually.TrueAsync(
            async () =>
            {
                await EndRestAsync(owner);
                return (await ReplayAsync(owner)).State == HistoryReplayState.Completed;
            },
            "it goes on");
        Assert.Equal((3L, null), ((await ReplayAsync(owner)).Events, (await ReplayAsync(owner)).Error));
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(owner)).Status);
    }

    private static void Services(IServiceCollection services) => services.AddHealthChecks().AddOutbox();

    private static Task AddAsync(OwnerInstance owner, string topic, string into)
    {
        var ask = new ReplayHistory(topic, into, "asking", Guid.NewGuid().ToString());
        return owner.Services.GetRequiredService<IInbox>().ExecuteAsync(
            new InboxRecord("repair", ask.RequestId, ReplayMessages.CommandType),
            (transaction, token) => owner.Services.GetRequiredService<IHistoryReplayStore>().AddAsync(transaction, ask, token),
            CancellationToken.None);
    }

    private static async Task<HistoryReplay> ReplayAsync(OwnerInstance owner) => Assert.Single(await owner.Services.GetRequiredService<IHistoryReplays>().ListAsync());

    private static async Task<HealthReportEntry> HealthAsync(OwnerInstance owner) =>
        (await owner.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries[HealthChecksBuilderExtensions.Tag];

    /// <summary>Between two tries it rests for ten seconds.</summary>
    private static Task EndRestAsync(OwnerInstance owner) => owner.Services.GetRequiredService<OutboxCollections>().HistoryReplays.UpdateManyAsync(
        new BsonDocument("lease", BsonNull.Value), Builders<BsonDocument>.Update.Set("notBefore", BsonNull.Value));

    private sealed class Brittle : IPayloadTransform
    {
        public const string TransformName = "brittle";

        private volatile bool _fails = true;
        private int _failures;

        public bool Fails
        {
            set => _fails = value;
        }

        public int Failures => Volatile.Read(ref _failures);

        public string Name => TransformName;

        public ValueTask<ReadOnlyMemory<byte>?> ApplyAsync(ReadOnlyMemory<byte> payload, PayloadContext context, CancellationToken cancellationToken)
        {
            if (_fails)
            {
                Interlocked.Increment(ref _failures);
                throw new PayloadUnavailableException(Down);
            }

            return ValueTask.FromResult<ReadOnlyMemory<byte>?>(payload);
        }

        public ValueTask<ReadOnlyMemory<byte>> UndoAsync(ReadOnlyMemory<byte> payload, PayloadContext context, CancellationToken cancellationToken) => ValueTask.FromResult(payload);
    }
}
