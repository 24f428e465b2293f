using Outbox.Capture;

namespace Outbox.Kafka.Asking.Answering;

/// <summary>Stands where the transaction would, for a consumer that answers, and refuses what it cannot have: a question changes nothing.</summary>
internal sealed class QueryTransaction(string endpoint) : IOutboxTransaction
{
    public void Publish<T>(T message, string entityId, long? version = null, MessageOptions? options = null)
        where T : class => throw Refuse($"A {typeof(T).Name} is published");

    public void PublishTombstone<T>(string entityId, long? version = null, MessageOptions? options = null)
        where T : class => throw Refuse($"A tombstone of {typeof(T).Name} is published");

    public void Send<T>(T message, string entityId, long? version = null, MessageOptions? options = null)
        where T : class => throw Refuse($"A {typeof(T).Name} is sent");

    public OutboxException Refuse(string what) => new(
        $"{what} by a consumer of request endpoint '{endpoint}'. Who answers a request changes nothing, so it has no transaction, and may run twice: it responds, context.RespondAsync(…), and nothing else. Make "
        + "what changes something a command; or send it through IBus, if it may be lost.");
}
