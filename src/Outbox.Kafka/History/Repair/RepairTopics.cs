using Microsoft.Extensions.Options;
using Outbox.History.Repair;
using Outbox.Inbox.Sequencing;
using Outbox.Messages;
using Outbox.Messages.Registration;
using Outbox.Versioning;

namespace Outbox.Kafka.History.Repair;

/// <summary>The topics on which gaps are asked for and answered.</summary>
internal sealed class RepairTopics(
    IEnumerable<AnsweredTopic> answered, IEnumerable<RepairEndpoints> endpoints, MessageRegistry registry, TopicSequenceOptions sequences, IOptions<KafkaOptions> options)
{
    /// <summary>Those that this service may ask on.</summary>
    public IEnumerable<TopicRegistration> Asked => registry.All
        .Where(message => message.Ordering == MessageOrdering.Sequence && sequences.Of(options.Value.TopicPrefix + message.Topic).AskOwner is not null)
        .Select(message => RepairTopic.Of(message.Topic)).Distinct(StringComparer.Ordinal)
        .Select(topic => new TopicRegistration(topic, ParkedPolicy.HoldEntity));

    /// <exception cref="OutboxConfigurationException">Gaps are to be answered, and nobody hears of them.</exception>
    public void Check()
    {
        if (answered.FirstOrDefault() is { } topic && !endpoints.Any())
        {
            throw new OutboxConfigurationException(
                $"Topic '{topic.Topic}' answers those that have missed versions (t.AnswerGaps), but the service consumes nothing, so it would never be asked. Add the rider, in AddMassTransit: "
                + "x.AddRider(r => r.UsingKafkaOutbox((context, k) => { })); or leave t.AnswerGaps to the instances that have one.");
        }
    }
}
