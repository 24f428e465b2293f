using System.Globalization;
using System.Text;
using Confluent.Kafka;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Answers;
using Outbox.Cli.Tests.Running;
using Outbox.Cli.Tests.Servers;

namespace Outbox.Cli.Tests.Importing;

/// <summary>10,000 pending messages of each product, while the old relay and ours run, and an import that is killed in the middle.</summary>
public sealed class BesideTheOldRelayTests
{
    private const int Pending = 10_000;
    private const int OfAnOutbox = 20;
    private const int Partitions = 8;

    [Fact]
    public async Task MassTransit_s_relay_and_ours_publish_each_pending_message_once()
    {
        await using var shop = await Shop.StartAsync();
        var (topic, kafka) = await TopicAsync();
        var outboxes = Enumerable.Range(0, Pending / OfAnOutbox).Select(_ => Guid.NewGuid()).ToList();
        var messages = outboxes.SelectMany(outbox => Enumerable.Range(1, OfAnOutbox).Select(number => OldDocuments.MassTransit(outbox, Guid.NewGuid(), number))).ToList();
        var ids = messages.ConvertAll(message => message["MessageId"].AsGuid.ToString());
        await shop.Documents.GetCollection<BsonDocument>("outbox.messages").InsertManyAsync(messages);
        await shop.Documents.GetCollection<BsonDocument>("outbox.states").InsertManyAsync(outboxes.Select(outbox => OldDocuments.MassTransitState(outbox)));

        using var producer = Producer(kafka);
        var old = new OldMassTransit(shop.Documents, message => SendAsync(producer, topic, "MessageId", message["MessageId"].AsGuid.ToString()));
        await ImportAsync(shop, old.RunAsync, () => old.Sent, ["import", "masstransit", "--topic", topic, "--until-empty", "--every", "0.1s", "--reason", "moving over", "--yes"]);

        await AllOnceAsync(shop, ids, kafka, topic, "MessageId", old.Sent);
    }

    [Fact]
    public async Task Cap_s_retries_and_our_relay_publish_each_pending_message_once()
    {
        await using var shop = await Shop.StartAsync();
        var (topic, kafka) = await TopicAsync();
        var ids = Enumerable.Range(1, Pending).Select(number => 1_700_000_000_000_000_000L + number).ToList();
        await shop.Documents.GetCollection<BsonDocument>("cap.published").InsertManyAsync(ids.Select(id => OldDocuments.Cap(id, topic, id % 3 == 0 ? "Failed" : "Scheduled", retries: id % 3 == 0 ? 3 : 0)));
        await shop.Documents.GetCollection<BsonDocument>("cap.lock").InsertOneAsync(OldDocuments.CapLock());

        using var producer = Producer(kafka);
        var old = new OldCap(shop.Documents, message => SendAsync(producer, topic, "cap-msg-id", message["_id"].AsInt64.ToString(CultureInfo.InvariantCulture)));
        await ImportAsync(shop, old.RunAsync, () => old.Sent, ["import", "cap", "--until-empty", "--every", "0.1s", "--settle", "0s", "--reason", "moving over", "--yes"]);

        await AllOnceAsync(shop, ids.ConvertAll(id => id.ToString(CultureInfo.InvariantCulture)), kafka, topic, "cap-msg-id", old.Sent);
    }

    private static async Task<(string Topic, string Kafka)> TopicAsync()
    {
        var servers = await TestServers.GetAsync();
        var topic = $"import-{Guid.NewGuid():N}";
        servers.Kafka.CreateTopic(topic, Partitions);
        return (topic, servers.Kafka.BootstrapServers);
    }

    private static IProducer<string, byte[]> Producer(string kafka) => new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = kafka, LingerMs = 0, EnableIdempotence = true }).Build();

    private static Task SendAsync(IProducer<string, byte[]> producer, string topic, string header, string id) =>
        producer.ProduceAsync(topic, new Message<string, byte[]> { Key = id, Value = "{}"u8.ToArray(), Headers = new Headers { { header, Encoding.UTF8.GetBytes(id) } } });

    /// <summary>Imports in a process that is killed when it has moved some, and then in another, until the old outbox is empty.</summary>
    private static async Task ImportAsync(Shop shop, Func<CancellationToken, Task> oldRelay, Func<int> sent, IReadOnlyList<string> arguments)
    {
        using var stop = new CancellationTokenSource();
        var old = Task.Run(() => oldRelay(stop.Token));
        try
        {
            await Eventually.TrueAsync(() => Task.FromResult(sent() > 0), "the old relay sends");
            await CommandProcess.KillAsync(shop.Environment, shop.HasAsync("outbox.audit", least: 3), arguments);
            var second = await shop.RunAsync(arguments);
            Assert.True(second.Code == ExitCode.Done, second.ToString());
        }
        finally
        {
            await stop.CancelAsync();
            await old;
        }
    }

    private static async Task AllOnceAsync(Shop shop, IReadOnlyList<string> ids, string kafka, string topic, string header, int sentByOld)
    {
        await Eventually.TrueAsync(async () => await shop.Documents.GetCollection<BsonDocument>("outbox").CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty) == 0, "our outbox is empty");
        var seen = Records.All(kafka, topic, Partitions).Select(record => record.Message.Headers.Text(header)).ToList();

        Assert.Equal(ids.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
        Assert.InRange(sentByOld, 1, ids.Count - 1);
    }
}
