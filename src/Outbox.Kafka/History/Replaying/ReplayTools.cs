using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Outbox.Kafka.History.Replaying;

/// <summary>What is needed everywhere.</summary>
internal sealed class ReplayTools(IOptions<KafkaOptions> kafka, TimeProvider time, ILoggerFactory loggers)
{
    public TimeProvider Time => time;

    public ILogger Logger { get; } = loggers.CreateLogger("Outbox.History");

    /// <summary>A topic as the brokers know it.</summary>
    public string NameOf(string topic) => kafka.Value.TopicPrefix + topic;

    /// <summary>Whether topics may be created.</summary>
    public bool MayCreate => kafka.Value.CreateTopics == true;

    /// <summary>How long brokers may take to answer.</summary>
    public TimeSpan Patience => kafka.Value.TopicTimeout;
}
