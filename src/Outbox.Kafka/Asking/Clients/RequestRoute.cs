using System.Collections.Concurrent;
using System.Diagnostics;
using Confluent.Kafka;
using MassTransit;
using Microsoft.Extensions.Options;
using Outbox.Kafka.Asking.Wire;
using Outbox.Kafka.Delivery.Places;
using Outbox.Kafka.Delivery.Producing;

namespace Outbox.Kafka.Asking.Clients;

/// <summary>Brings requests to their topics.</summary>
internal sealed class RequestRoute(RequestProducer producer, ITopicQuestions questions, IOptions<KafkaOptions> options)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<TopicState?>>> _topics = new(StringComparer.Ordinal);

    public string NameOf(string topic) => options.Value.TopicPrefix + topic;

    /// <summary>A producer would wait for a topic that does not exist; so the brokers are asked before the first request, once for all that wait.</summary>
    /// <exception cref="RequestException">There is no such topic, or not for this service.</exception>
    public async Task CheckAsync(string topic, CancellationToken cancellationToken)
    {
        var name = NameOf(topic);
        var question = _topics.GetOrAdd(name, asked => new Lazy<Task<TopicState?>>(() => questions.AskAsync(asked)));
        var state = await question.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (state?.Missing is null && state is not null)
        {
            return;
        }

        _topics.TryRemove(new KeyValuePair<string, Lazy<Task<TopicState?>>>(name, question));
        if (state?.Missing is { } missing)
        {
            throw new RequestException($"The request was not sent. {missing}");
        }
    }

    /// <exception cref="RequestException">The brokers refuse it.</exception>
    public async Task<TopicPartitionOffset> SendAsync(Question question, ReplyAddress address, DateTimeOffset deadline, Activity? span, CancellationToken cancellationToken)
    {
        var name = NameOf(question.Definition.Topic);
        try
        {
            return await producer.SendAsync(new TopicPartition(name, Partition.Any), question.Id, question.Value(), question.Headers(address, deadline, span))
                .WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException error)
        {
            _topics.TryRemove(name, out _);
            throw new RequestException($"Request '{question.Definition.Name}' ({question.Id}) was not sent. {KafkaErrors.Explain(error.Error, name)}", error);
        }
    }
}
