using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.History.Replaying;
using Outbox.Inbox;
using Outbox.Integration.Tests.History.Repairing;
using Outbox.Integration.Tests.Inbox.Sequencing;
using Outbox.Integration.Tests.Servers;
using Outbox.Kafka.History.Replaying;
using Outbox.Messages;
using Outbox.MongoDb;

namespace Outbox.Integration.Tests.History.Replaying;

/// <summary>
/// A kill behind each single database command of a replay: the command's record, the lease, the count, each page's place, the end. Another instance goes on: each entity's versions are there in their
/// order, and the end is behind them.
/// </summary>
public sealed class HistoryReplayCrashTests : IAsyncLifetime
{
    private const int Versions = 60;
    private static readonly string[] Entities = ["a", "b", "c"];

    private TestPlace _place = null!;
    private string _into = "";
    private IHost _first = null!;
    private IHost _next = null!;

    private IMongoCollection<BsonDocument> Replays => _next.Services.GetRequiredService<OutboxCollections>().HistoryReplays;

    public async ValueTask InitializeAsync()
    {
        (_place, _into) = await HistoryReplayTests.PlaceAsync();
        (_first, _next) = (await StartAsync(), await StartAsync());
        foreach (var entity in Entities)
        {
            await _first.Services.GetRequiredService<IOutbox>().ExecuteAsync((tx, _) =>
            {
                for (var version = 1; version <= Versions; version++)
                {
                    tx.Publish(new OrderPlaced(entity, version), entity, version);
                }

                return Task.CompletedTask;
            });
        }
    }

    public ValueTask DisposeAsync()
    {
        _first.Dispose();
        _next.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task G15_a_kill_behind_any_command_of_a_replay_of_a_history_leaves_nothing_out_and_no_order_changed()
    {
        var killed = true;
        var points = 0;
        for (; killed; points++)
        {
            var offsets = Offsets();
            var request = Guid.NewGuid().ToString();
            killed = await Crash.AfterAsync(points, Replays.Database, () => ReplayAsync(_first, request));

            // The lease of the one that is gone is over.
            await Replays.UpdateManyAsync(FilterDefinition<BsonDocument>.Empty, Builders<BsonDocument>.Update.Set("lease", BsonNull.Value));
            await ReplayAsync(_next, request);
            var replay = Assert.Single(await _next.Services.GetRequiredService<IHistoryReplays>().ListAsync());
            Assert.Equal((request, HistoryReplayState.Completed, Versions * Entities.Length), (replay.RequestId, replay.State, (int)replay.Events));
            var log = KafkaLog.Read(_place.Kafka, _into).Where(record => record.Offset.Value >= offsets.GetValueOrDefault(record.Partition.Value)).ToList();
            foreach (var entity in Entities)
            {
                var seen = log.Where(record => record.Message.Key == entity).Select(record => record.Header(MessageHeaders.Version)!).Distinct();
                Assert.True(seen.SequenceEqual(Enumerable.Range(1, Versions).Select(version => $"{version}")), $"killed behind command {points}: {entity} has {string.Join(' ', seen)}");
            }

            Assert.Contains("Completed", System.Text.Encoding.UTF8.GetString(log.Last(record => record.Message.Key == request).Message.Value!), StringComparison.Ordinal);
        }

        Assert.InRange(points, 10, 100);
    }

    private static Dictionary<int, long> OffsetsOf(IEnumerable<Confluent.Kafka.ConsumeResult<string, byte[]?>> log) =>
        log.GroupBy(record => record.Partition.Value).ToDictionary(partition => partition.Key, partition => partition.Max(record => record.Offset.Value) + 1);

    private static async Task ReplayAsync(IHost instance, string request)
    {
        var ask = new ReplayHistory(TopicOf(instance), IntoOf(instance), "asking", request);
        await instance.Services.GetRequiredService<IInbox>().ExecuteAsync(
            new InboxRecord("repair", request, ReplayMessages.CommandType),
            (transaction, token) => instance.Services.GetRequiredService<IHistoryReplayStore>().AddAsync(transaction, ask, token),
            CancellationToken.None);
        while (await instance.Services.GetRequiredService<HistoryReplayer>().StepAsync(CancellationToken.None) is not null)
        {
            // The next page.
        }
    }

    private static string TopicOf(IHost instance) => instance.Services.GetRequiredService<Outbox.History.Repair.AnsweredTopic>().Topic;

    private static string IntoOf(IHost instance) => HistoryTopic.Of(TopicOf(instance), $"asking-{TopicOf(instance)}");

    private Dictionary<int, long> Offsets() => OffsetsOf(KafkaLog.Read(_place.Kafka, _into));

    private async Task<IHost> StartAsync()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Critical).AddSimpleConsole();
        var settings = MongoClientSettings.FromConnectionString(_place.MongoDb);
        Crash.Observe(settings);
        builder.Services.AddOwnClient(settings);
        builder.Services.AddOutbox(o =>
        {
            o.UseMongoDb(m => (m.Connection, m.DatabaseName) = (_place.MongoDb, _place.Database));
            Instances.UseKafka(o, _place);
            o.RelayEnabled = false;
            o.LeaseDuration = TimeSpan.FromMinutes(1);
            o.Topic(_place.Topic, t =>
            {
                t.EntityType = "order";
                t.Message<OrderPlaced>();
                t.KeepHistory();
                t.AnswerGaps(a => a.ReplayPerSecond = 1_000_000);
            });
        });
        builder.Services.AddSingleton<HistorySender>().AddSingleton<ReplayParts>().AddSingleton<HistoryReplayer>();
        var host = builder.Build();
        await host.Services.GetRequiredService<Outbox.MongoDb.Installation.MongoInstaller>().InstallAsync();
        return host;
    }
}
