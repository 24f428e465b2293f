using Confluent.Kafka;

namespace Outbox.Kafka.Inbox.Watching;

/// <summary>Asks brokers whether they are there.</summary>
internal interface IClientProbe
{
    /// <summary>Whether the consumer's own client is answered.</summary>
    bool Answers(IConsumer<byte[]?, byte[]?> consumer);

    /// <summary>Whether a new one is.</summary>
    bool AnswersAFreshClient();
}
