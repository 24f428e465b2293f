using Outbox.Inbox.Replaying;

namespace Outbox.Inbox;

/// <summary>What the inbox remembers of a message.</summary>
/// <param name="Endpoint">The endpoint's name; its Kafka group.</param>
/// <param name="MessageId">The message.</param>
/// <param name="Type">The message type's name.</param>
/// <param name="EntityId">The entity that the message is about, where known.</param>
/// <param name="Version">The entity's version, where known.</param>
/// <param name="CorrelationId">The conversation, handed on to what the handler publishes.</param>
public sealed record InboxRecord(
    string Endpoint, string MessageId, string Type, string? EntityId = null, long? Version = null, string? CorrelationId = null)
{
    /// <summary>What the entity id names, where known.</summary>
    public string? EntityType { get; init; }

    /// <summary>The topic that the message's id belongs to; <see langword="null"/> where the id alone names the message.</summary>
    public string? Topic { get; init; }

    /// <summary>The sequence that the message has its place in; <see langword="null"/> for a type that is not in sequence.</summary>
    public Sequence? Sequence { get; init; }

    /// <summary>Set while the endpoint is replayed.</summary>
    public ReplayScope? Replay { get; init; }

    /// <summary>Who processes it; <see langword="null"/> for an endpoint that only notes that a message has come.</summary>
    public string? Consumer { get; init; }

    /// <summary>
    /// All that the message has on its endpoint, <see cref="Consumer"/> among them, where these are several; otherwise empty. Each has its effects once, in a transaction of its own. The record is
    /// whole when all of them have; until then it names those that have.
    /// </summary>
    public IReadOnlyList<string> Consumers { get; init; } = [];

    /// <summary>Whether others process the message too.</summary>
    public bool IsShared => Consumers.Count > 1;

    /// <summary>Whether this consumer is the last, when these others have processed the message.</summary>
    public bool Completes(IReadOnlyCollection<string> done) => Consumers.All(consumer => consumer == Consumer || done.Contains(consumer));
}
