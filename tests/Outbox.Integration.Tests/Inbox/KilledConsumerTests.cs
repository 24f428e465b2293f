using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Integration.Tests.Delivery.Faults;
using Outbox.Integration.Tests.Servers;
using Outbox.RelayHost;

namespace Outbox.Integration.Tests.Inbox;

/// <summary>
/// A consumer that dies inside its transaction leaves it open on the server, which keeps the message's inbox record and the entity's document for a minute. Another instance processes the message within a
/// lease.
/// </summary>
public sealed class KilledConsumerTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);

    /// <summary>The lease, in which the group and the sessions are taken over, and what a busy machine may add; still far from the server's minute.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public Task G10_what_a_consumer_that_is_killed_at_any_step_had_begun_another_finishes_within_a_lease() => Parallel.ForEachAsync(
        ["insert inbox", "update single", "update batch", "insert outbox", "commitTransaction"],
        new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = Stop },
        async (step, _) => await TakenOverAsync(step, comesBack: false));

    [Fact]
    public Task G10_a_consumer_that_was_only_paused_finds_its_transaction_ended_and_has_no_second_effect() => TakenOverAsync("update single", comesBack: true);

    private static async Task TakenOverAsync(string step, bool comesBack)
    {
        var place = await TestPlace.SharedAsync(partitions: 1);
        await using var writer = await TestService.StartAsync(place: place, topic: t =>
        {
            t.EntityType = "account";
            t.Message<AccountChanged>();
        });
        var ledger = writer.Database;
        var session = await SessionAsync();
        using var first = RelayProcess.Start(
            place, Lease, (RelayProcess.Consume, place.Topic), (RelayProcess.ConsumeUntil, step), ("Outbox__Kafka__ConsumerSettings__session.timeout.ms", session));
        await PublishAsync(writer, 1);
        await first.HaltedAsync();
        if (comesBack)
        {
            first.Pause();
        }
        else
        {
            first.Kill();
        }

        var stopped = Stopwatch.StartNew();
        using var second = await StartAsync(place, session);
        await HasAsync(ledger, Ledger.Single, 1);
        await HasAsync(ledger, Ledger.Batch, 1);
        Assert.True(stopped.Elapsed < Limit, $"What a consumer stopped at '{step}' had begun was done after {stopped.Elapsed.TotalSeconds:0.0} s.");

        if (comesBack)
        {
            first.Continue();
            first.GoOn();
        }

        await PublishAsync(writer, 2);
        await HasAsync(ledger, Ledger.Single, 2);
        await HasAsync(ledger, Ledger.Batch, 2);
        Assert.Equal(4, await ledger.GetCollection<BsonDocument>("inbox").CountDocumentsAsync(All, cancellationToken: Stop));
        Assert.Equal(0, await ledger.GetCollection<BsonDocument>("inbox.parked").CountDocumentsAsync(All, cancellationToken: Stop));
        await second.StopAsync(Stop);
    }

    /// <summary>The shortest that the brokers take.</summary>
    private static async Task<string> SessionAsync() => (await KafkaServer.GetAsync()).Embedded is null ? "6000" : "1500";

    private static Task PublishAsync(TestService writer, long version) => writer.Outbox.ExecuteAsync(
        (tx, _) =>
        {
            tx.Publish(new AccountChanged("a-1", version), "a-1", version);
            return Task.CompletedTask;
        },
        Stop);

    private static async Task<IHost> StartAsync(TestPlace place, string session)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        Ledger.Add(
            builder.Services,
            place.Topic,
            o =>
            {
                o.UseMongoDb(m => (m.Connection, m.DatabaseName) = (place.MongoDb, place.Database));
                o.UseKafka(k =>
                {
                    k.BootstrapServers = place.Kafka;
                    k.ConsumerSettings["session.timeout.ms"] = session;
                });
                o.LeaseDuration = Lease;
            },
            publishes: true);
        var host = builder.Build();
        await host.StartAsync(Stop);
        return host;
    }

    /// <summary>Each version has had one effect, in order.</summary>
    private static Task HasAsync(IMongoDatabase database, string endpoint, int versions) => Eventually.TrueAsync(
        async () =>
        {
            var account = await database.GetCollection<BsonDocument>(endpoint).Find(All).FirstOrDefaultAsync(Stop);
            var processed = account is null ? [] : account["versions"].AsBsonArray.Select(version => version.ToInt32()).ToList();
            Assert.Equal(Enumerable.Range(1, processed.Count), processed);
            return processed.Count == versions;
        },
        $"{endpoint} has processed {versions} versions");
}
