using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Demo.Display;
using Demo.Kafka;

namespace Demo.Chaos;

/// <summary>
/// Puts records on their partitions again, newest first. Some are exact copies, which the inbox knows; some get new ids, as from a producer that
/// has forgotten what it sent, and only their versions tell that they are old.
/// </summary>
internal sealed class Replayer(string bootstrapServers, TopicLog log, RunProgress progress)
{
    private const int EveryEntity = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly ConcurrentDictionary<TopicPartitionOffset, bool> _own = new();

    /// <summary>What the services themselves have published.</summary>
    public IReadOnlyList<SeenRecord> Originals => log.Records.Where(record => !_own.ContainsKey(record.Position)).ToList();

    /// <summary>Waits for a number of records, but not for ever: if nothing is published, the verdict will tell.</summary>
    public async Task UntilSeenAsync(int records, CancellationToken cancellationToken)
    {
        var since = Stopwatch.StartNew();
        while (log.Records.Count < records && since.Elapsed < Patience)
        {
            await Task.Delay(50, cancellationToken);
        }
    }

    public async Task ReplayAsync(CancellationToken cancellationToken)
    {
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = bootstrapServers, Acks = Acks.All }).Build();
        var entities = Originals.GroupBy(record => (record.Position.Topic, record.Key)).ToList();
        var copies = new List<(TopicPartition Place, Message<string, byte[]> Message)>();
        for (var i = 0; i < entities.Count; i += EveryEntity / 2)
        {
            var withNewIds = i % EveryEntity != 0;
            copies.AddRange(entities[i].Reverse().Select(record => (record.Position.TopicPartition, withNewIds ? WithNewId(record) : record.Message)));
        }

        var reports = await Task.WhenAll(copies.Select(copy => producer.ProduceAsync(copy.Place, copy.Message, cancellationToken)));
        foreach (var report in reports)
        {
            _own[report.TopicPartitionOffset] = true;
        }

        progress.Replayed(reports.Length);
        progress.Note($"{reports.Length} old records published again, newest first");
    }

    private static Message<string, byte[]> WithNewId(SeenRecord record)
    {
        var id = Guid.CreateVersion7().ToString();
        var headers = new Headers();
        foreach (var header in record.Message.Headers)
        {
            headers.Add(header.Key, header.Key == "messageId" ? Encoding.UTF8.GetBytes(id) : header.GetValueBytes());
        }

        var value = Encoding.UTF8.GetString(record.Message.Value).Replace(record.MessageId, id, StringComparison.Ordinal);
        return new Message<string, byte[]> { Key = record.Key, Value = Encoding.UTF8.GetBytes(value), Headers = headers, Timestamp = record.Message.Timestamp };
    }
}
