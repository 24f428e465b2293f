namespace Outbox.Kafka.Inbox.Reading;

/// <summary>What an endpoint does something with.</summary>
internal interface IHandledTypes
{
    /// <summary>Whether the topic's versions are processed in sequence.</summary>
    bool InSequence { get; }

    /// <summary>Whether messages of a type, or the tombstones that are a type of their own, are handled.</summary>
    bool Contains(Type messageType);

    /// <summary>What the entities of a topic are, where that is one thing.</summary>
    string EntityTypeOf(string topic);
}
