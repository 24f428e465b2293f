namespace Outbox.Kafka.Delivery.Places;

/// <summary>Asks the brokers about topics, as they call them.</summary>
internal interface ITopicQuestions
{
    /// <returns>What the brokers say, or <see langword="null"/> when none answers.</returns>
    Task<TopicState?> AskAsync(string topic);

    /// <summary>What else they say, where they may be asked for it.</summary>
    Task<TopicRights> RightsAsync(string topic);

    /// <summary>Whether the leader of a partition answers.</summary>
    Task<bool> AnswersAsync(string topic, int partition);
}
