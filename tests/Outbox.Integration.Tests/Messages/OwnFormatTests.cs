using System.Globalization;
using System.Text;
using Confluent.Kafka;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Integration.Tests.Payloads;
using Outbox.Integration.Tests.Servers;
using Outbox.Kafka;
using Outbox.Messages;
using static Outbox.Integration.Tests.Payloads.Producing;

namespace Outbox.Integration.Tests.Messages;

/// <summary>A topic in a format of the user's own, between two services.</summary>
public sealed class OwnFormatTests
{
    [Fact]
    public async Task A_topic_in_a_format_of_ones_own_is_published_and_consumed_in_order_and_once()
    {
        await using var service = await StartAsync(t => t.UseFormat(new ParcelFormat()));
        await using var reader = await ReadingService.StartAsync(service.Place, topic: t => t.UseFormat(new ParcelFormat()));

        foreach (var version in new[] { 1L, 2, 3 })
        {
            await service.StoreAsync("parcel-1", $"text {version}", version);
        }

        await reader.HasAsync(3);
        var records = await service.ReadTopicAsync();
        Assert.Equal(["1", "2", "3"], records.Select(record => record.Header("parcel-number")));
        Assert.All(records, record => Assert.Equal(["parcel-id", "parcel-kind", "parcel-number"], record.Message.Headers.Select(header => header.Key).Where(name => name.StartsWith("parcel-", StringComparison.Ordinal)).Order()));
        Assert.All(records, record => Assert.StartsWith("""{"text":"text """, Encoding.UTF8.GetString(record.Message.Value!), StringComparison.Ordinal));

        // The same records once more, as a producer that has lost its acknowledgement sends them.
        using (var producer = new ProducerBuilder<string, byte[]?>(new ProducerConfig { BootstrapServers = service.Place.Kafka }).Build())
        {
            foreach (var record in records)
            {
                await producer.ProduceAsync(record.TopicPartition, record.Message);
            }
        }

        await service.StoreAsync("parcel-1", "the last", 4);
        await Eventually.TrueAsync(async () => await reader.Documents.CountDocumentsAsync(new BsonDocument("text", "the last")) == 1, "what comes behind them is processed");
        Assert.Equal(4, await reader.Documents.CountDocumentsAsync(All));
        Assert.Equal(0, await reader.Parked.CountDocumentsAsync(All));
    }

    [Fact]
    public async Task What_a_format_of_ones_own_cannot_write_is_parked_and_others_go_on()
    {
        await using var service = await StartAsync(t => t.UseFormat(new ParcelFormat()));

        await service.StoreAsync("parcel-1", ParcelFormat.Unwritable);
        await service.StoreAsync("parcel-2", "fine");

        await Eventually.TrueAsync(async () => (await service.Operations.ListParkedAsync()).Count == 1, "it is parked");
        await Eventually.TrueAsync(async () => (await service.ReadTopicAsync()).Count == 1, "the other is published");
        Assert.Contains("no parcel can hold it", Assert.Single(await service.Operations.ListParkedAsync()).Error, StringComparison.Ordinal);
    }

    private sealed class ParcelFormat : IWireFormat
    {
        public const string Unwritable = "too heavy";

        public bool Wrote(WireRecord record) => record.Header("parcel-kind") is not null;

        public WireRecord Write(OutboxMessage message) => message.Payload!.Contains(Unwritable, StringComparison.Ordinal)
            ? throw new InvalidOperationException("no parcel can hold it")
            : new WireRecord(
                Encoding.UTF8.GetBytes(message.Payload),
                [
                    new("parcel-kind", Encoding.UTF8.GetBytes(message.Type)),
                    new("parcel-id", Encoding.UTF8.GetBytes(message.MessageId)),
                    new("parcel-number", Encoding.UTF8.GetBytes(message.Version.ToString(CultureInfo.InvariantCulture))),
                ]);

        public WireContent Read(WireRecord record) => new(record.Header("parcel-kind")!, Encoding.UTF8.GetString(record.Key!), record.Value)
        {
            MessageId = record.Header("parcel-id") ?? "",
            Version = long.Parse(record.Header("parcel-number")!, CultureInfo.InvariantCulture),
        };
    }
}
