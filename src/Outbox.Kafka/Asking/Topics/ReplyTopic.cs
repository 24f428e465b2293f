using Microsoft.Extensions.Options;
using Outbox.Kafka.Asking.Wire;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Asking.Topics;

/// <summary>The topic that answers to this service come on.</summary>
internal sealed class ReplyTopic(IOptions<RequestOptions> requests, IOptions<OutboxOptions> outbox, IOptions<KafkaOptions> kafka)
{
    public const string LogCategory = "Outbox.Requests";

    /// <summary>As the brokers know it.</summary>
    public string Name { get; } = kafka.Value.TopicPrefix + (requests.Value.ReplyTopic ?? outbox.Value.Source + ReplyAddress.Suffix);

    /// <exception cref="OutboxConfigurationException">There can be no such topic.</exception>
    public void Check()
    {
        if (!TopicName.IsValid(Name))
        {
            throw new OutboxConfigurationException(
                $"'{Name}' cannot be the name of a Kafka topic. Set {RequestOptions.Section}:ReplyTopic to the topic that answers to this service come on, for example orders{ReplyAddress.Suffix}.");
        }
    }
}
