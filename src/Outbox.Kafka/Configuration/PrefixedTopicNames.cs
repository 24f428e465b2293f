using Microsoft.Extensions.Options;
using Outbox.Messages;

namespace Outbox.Kafka;

/// <summary>Topics without <c>Outbox:Kafka:TopicPrefix</c>.</summary>
internal sealed class PrefixedTopicNames(IOptions<KafkaOptions> options) : ITopicNames
{
    /// <inheritdoc/>
    public string Registered(string topic) =>
        topic.StartsWith(options.Value.TopicPrefix, StringComparison.Ordinal) ? topic[options.Value.TopicPrefix.Length..] : topic;
}
