using Microsoft.Extensions.Options;
using Outbox.Messages;

namespace Outbox.Inbox.Sequencing;

/// <summary>The sequence options of each topic: the service's, and over them the topic's own (<c>t.Sequence(…)</c>).</summary>
public sealed class TopicSequenceOptions(
    IOptions<SequenceOptions> service, IOptionsMonitor<SequenceOptions> topics, IEnumerable<IValidateOptions<SequenceOptions>> validators, IEnumerable<ITopicNames> names)
{
    private readonly ITopicNames? _names = names.LastOrDefault();
    private readonly HashSet<string> _withTheirOwn = [.. validators.OfType<SequenceOptionsValidator>().Select(validator => validator.Topic)];

    /// <summary>The options of a topic.</summary>
    /// <param name="topic">The topic as the brokers know it.</param>
    public SequenceOptions Of(string topic)
    {
        var name = _names?.Registered(topic) ?? topic;
        return _withTheirOwn.Contains(name) ? topics.Get(name) : service.Value;
    }
}
