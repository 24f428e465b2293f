using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Kafka.Asking.Topics;

namespace Outbox.Kafka.Asking.Replies;

/// <summary>Builds consumers of answers.</summary>
internal sealed class ReplyConsumers(IOptions<KafkaOptions> kafka, IOptions<OutboxOptions> outbox, ReplyTopic topic, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger(ReplyTopic.LogCategory);

    public string Topic => topic.Name;

    public IConsumer<byte[]?, byte[]?> Create(Action<Error> onError)
    {
        var config = ClientSettings.Consumer(kafka.Value, outbox.Value);
        // librdkafka wants one; it is never joined.
        config.GroupId = topic.Name;
        config.GroupInstanceId = null;
        config.EnableAutoCommit = false;
        config.EnableAutoOffsetStore = false;
        config.AutoOffsetReset = AutoOffsetReset.Latest;
        config.ConsumeResultFields = "headers,topic";
        return new ConsumerBuilder<byte[]?, byte[]?>(config)
            .SetKeyDeserializer(Deserializers.ByteArray)
            .SetValueDeserializer(Deserializers.ByteArray)
            .SetErrorHandler((_, error) => onError(error))
            .SetLogHandler((_, line) => Inbox.Receiving.Log.ConsumerLog(_logger, line.Facility, line.Message))
            .With(kafka.Value)
            .Build();
    }
}
