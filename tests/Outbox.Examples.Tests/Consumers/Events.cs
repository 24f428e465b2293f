using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Demo.Kafka;
using Outbox.Examples.Tests.Services;

namespace Outbox.Examples.Tests.Consumers;

/// <summary>Puts events on a topic as another service's outbox would, in any order.</summary>
internal sealed class Events(ServiceFixture service, string topic, string group) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly IProducer<string, string> _producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = service.Kafka }).Build();

    public Task SendAsync(string entityId, long version, string type, string messageId, object payload)
    {
        var value = JsonSerializer.Serialize(new
        {
            messageId,
            entityId,
            entityType = "any",
            version,
            intent = topic.EndsWith(".commands", StringComparison.Ordinal) ? "command" : "event",
            type,
            payload,
            timestamp = DateTimeOffset.UnixEpoch,
        });
        var headers = new Headers
        {
            { "messageId", Encoding.UTF8.GetBytes(messageId) },
            { "type", Encoding.UTF8.GetBytes(type) },
            { "version", Encoding.UTF8.GetBytes($"{version}") },
            { "intent", "event"u8.ToArray() },
            { "content-type", "application/json"u8.ToArray() },
        };
        return _producer.ProduceAsync(topic, new Message<string, string> { Key = entityId, Value = value, Headers = headers });
    }

    /// <summary>Waits until the service has done with everything that was sent, and with what waited for an earlier version after its offset was committed.</summary>
    public async Task AllDoneAsync()
    {
        using var progress = new GroupProgress(service.Kafka, group, TopicLog.FindPartitions(service.Kafka, [topic]));
        var since = Stopwatch.StartNew();
        while (progress.Lag(progress.Ends()) > 0 || await service.WaitingAsync() > 0)
        {
            Assert.True(since.Elapsed < Patience, $"{group} is not done with all of {topic} after {Patience.TotalSeconds:0} s.");
            await Task.Delay(50);
        }
    }

    public void Dispose() => _producer.Dispose();
}
