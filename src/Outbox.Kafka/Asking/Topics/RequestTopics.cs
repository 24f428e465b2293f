using Outbox.Messages.Registration;

namespace Outbox.Kafka.Asking.Topics;

/// <summary>The topics of requests and answers, and whether somebody reads the answers.</summary>
internal sealed class RequestTopics(IEnumerable<RequestDefinition> clients, ReplyTopic replies, MessageRegistry registry)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _answered = new(StringComparer.Ordinal);
    private bool _hasRider;
    private bool _isRead;

    /// <summary>Those that this service answers on, without the prefix.</summary>
    public IReadOnlyCollection<string> Answered
    {
        get
        {
            lock (_gate)
            {
                return [.. _answered];
            }
        }
    }

    /// <summary>Those that it asks on, without the prefix.</summary>
    public IEnumerable<string> Asked => clients.Select(client => client.Topic).Distinct(StringComparer.Ordinal);

    /// <summary>The topic that answers come on, as the brokers know it; <see langword="null"/> where nothing is asked.</summary>
    public string? Replies => clients.Any() ? replies.Name : null;

    /// <summary>A rider answers on a topic.</summary>
    public void Answers(string topic)
    {
        lock (_gate)
        {
            _answered.Add(topic);
        }
    }

    /// <summary>A rider asks whether it has to read the answers: of several, the first.</summary>
    public bool TakeReplies()
    {
        lock (_gate)
        {
            _hasRider = true;
            if (_isRead || !clients.Any())
            {
                return false;
            }

            Check();
            return _isRead = true;
        }
    }

    /// <exception cref="OutboxConfigurationException">Something is asked, and nobody would read the answers.</exception>
    public void CheckRider()
    {
        lock (_gate)
        {
            if (!_hasRider && clients.FirstOrDefault() is { } client)
            {
                throw new OutboxConfigurationException(
                    $"AddOutboxRequestClient<{client.Type.Name}>(\"{client.Topic}\") asks over Kafka, but the service has no rider that would read the answers. Add it, in AddMassTransit: "
                    + "x.AddRider(r => r.UsingKafkaOutbox((context, k) => { })).");
            }
        }
    }

    private void Check()
    {
        replies.Check();
        foreach (var client in clients)
        {
            if (registry.All.FirstOrDefault(message => message.Topic == client.Topic || message.ClrType == client.Type) is { } message)
            {
                throw new OutboxConfigurationException(
                    $"AddOutboxRequestClient<{client.Type.Name}>(\"{client.Topic}\") and the outbox's message '{message.Type}' (topic '{message.Topic}') share a type or a topic. What is asked is a type of its own, "
                    + "on a topic of its own.");
            }

            if (clients.Count(other => other.Type == client.Type) > 1)
            {
                throw new OutboxConfigurationException($"AddOutboxRequestClient<{client.Type.Name}>(…) is called twice. A type of request goes to one topic.");
            }
        }
    }
}
