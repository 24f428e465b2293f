namespace Outbox.Messages;

/// <summary>Where brokers know topics by other names than the service does, as with a prefix for each environment.</summary>
public interface ITopicNames
{
    /// <summary>The name that the topic is registered with.</summary>
    string Registered(string topic);
}
