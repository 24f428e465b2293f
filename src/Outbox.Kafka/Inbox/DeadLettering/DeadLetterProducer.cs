using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Outbox.Kafka.Delivery.Producing;
using Outbox.Kafka.Installation;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Inbox.DeadLettering;

/// <summary>The service's producer of dead letters, built when the first one comes.</summary>
internal sealed class DeadLetterProducer(ProducerFactory producers, ITopicAdmin admin, IOptions<KafkaOptions> options) : IDisposable
{
    private readonly Lazy<IProducer<byte[]?, byte[]?>> _producer = new(producers.CreateRaw);
    private readonly ConcurrentDictionary<string, bool> _created = new();

    /// <summary>Ends when all in-sync replicas have the message.</summary>
    /// <returns>Whether they do; not if it is too large for the topic.</returns>
    public async Task<bool> PublishAsync(string topic, DeadLetter letter)
    {
        if (options.Value.CreateTopics == true && !_created.ContainsKey(topic))
        {
            await CreateAsync(topic).ConfigureAwait(false);
        }

        var message = new Message<byte[]?, byte[]?> { Key = letter.Key, Value = letter.Value, Headers = [] };
        foreach (var (name, value) in letter.Headers)
        {
            message.Headers.Add(name, value);
        }

        try
        {
            await _producer.Value.ProduceAsync(topic, message).ConfigureAwait(false);
            return true;
        }
        catch (ProduceException<byte[]?, byte[]?> error) when (error.Error.Code == ErrorCode.MsgSizeTooLarge)
        {
            return false;
        }
    }

    public void Dispose()
    {
        if (_producer.IsValueCreated)
        {
            _producer.Value.Dispose();
        }
    }

    private async Task CreateAsync(string topic)
    {
        if (await admin.PartitionsAsync(topic, CancellationToken.None).ConfigureAwait(false) is null)
        {
            await admin.CreateAsync(topic, new TopicRegistration(topic, default), CancellationToken.None).ConfigureAwait(false);
        }

        _created[topic] = true;
    }
}
