using System.Collections.Concurrent;
using System.Text;
using Confluent.Kafka;
using DotNetCore.CAP;
using DotNetCore.CAP.Internal;
using DotNetCore.CAP.Messages;
using DotNetCore.CAP.Transport;
using Headers = Confluent.Kafka.Headers;

namespace Outbox.Cli.Tests.Importing.RealCap;

/// <summary>Sends CAP's messages to Kafka in the records of DotNetCore.CAP.Kafka, and reads them.</summary>
internal sealed class CapTransport(string kafka) : ITransport, IConsumerClientFactory, IDisposable
{
    private readonly IProducer<string, byte[]> _producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = kafka, LingerMs = 0, EnableIdempotence = true }).Build();
    private int _room = int.MaxValue;

    /// <summary>The ids of what was sent, as often as it was.</summary>
    public ConcurrentQueue<string> Sent { get; } = [];

    public BrokerAddress BrokerAddress => new("Kafka", kafka);

    /// <summary>How many more the brokers take before they are away.</summary>
    public void Allow(int messages) => Interlocked.Exchange(ref _room, messages);

    public async Task<OperateResult> SendAsync(TransportMessage message)
    {
        if (Interlocked.Decrement(ref _room) < 0)
        {
            return OperateResult.Failed(new PublisherSentFailedException("The brokers are away."));
        }

        var headers = new Headers();
        foreach (var (name, value) in message.Headers)
        {
            headers.Add(name, value is null ? null : Encoding.UTF8.GetBytes(value));
        }

        var key = message.Headers.TryGetValue("cap-kafka-key", out var said) && !string.IsNullOrEmpty(said) ? said : message.GetId();
        await _producer.ProduceAsync(message.GetName(), new Message<string, byte[]> { Key = key, Value = message.Body.ToArray(), Headers = headers });
        Sent.Enqueue(message.GetId());
        return OperateResult.Success;
    }

    public Task<IConsumerClient> CreateAsync(string groupName, byte groupConcurrent) => Task.FromResult<IConsumerClient>(new Client(kafka, groupName));

    public void Dispose() => _producer.Dispose();

    private sealed class Client(string kafka, string group) : IConsumerClient
    {
        private readonly IConsumer<string, byte[]> _consumer = new ConsumerBuilder<string, byte[]>(
            new ConsumerConfig { BootstrapServers = kafka, GroupId = group, AutoOffsetReset = AutoOffsetReset.Earliest, EnableAutoCommit = false }).Build();

        public BrokerAddress BrokerAddress => new("Kafka", kafka);

        public Func<TransportMessage, object?, Task>? OnMessageCallback { get; set; }

        public Action<LogMessageEventArgs>? OnLogCallback { get; set; }

        public Task<ICollection<string>> FetchTopicsAsync(IEnumerable<string> topicNames) => Task.FromResult<ICollection<string>>([.. topicNames]);

        public Task SubscribeAsync(IEnumerable<string> topics)
        {
            _consumer.Subscribe(topics);
            return Task.CompletedTask;
        }

        public async Task ListeningAsync(TimeSpan timeout, CancellationToken cancellationToken)
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                if (_consumer.Consume(TimeSpan.FromMilliseconds(100)) is { Message: { } record } result)
                {
                    var headers = record.Headers.ToDictionary(header => header.Key, header => header.GetValueBytes() is { } bytes ? Encoding.UTF8.GetString(bytes) : null);
                    headers[DotNetCore.CAP.Messages.Headers.Group] = group;
                    await OnMessageCallback!(new TransportMessage(headers, record.Value), result);
                }
            }
        }

        public Task CommitAsync(object? sender)
        {
            _consumer.Commit((ConsumeResult<string, byte[]>)sender!);
            return Task.CompletedTask;
        }

        public Task RejectAsync(object? sender) => Task.CompletedTask;

        public ValueTask DisposeAsync()
        {
            _consumer.Close();
            _consumer.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
