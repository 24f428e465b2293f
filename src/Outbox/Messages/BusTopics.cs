namespace Outbox.Messages;

/// <summary>Where messages are filed that travel on MassTransit's bus instead of Kafka. A colon is in no Kafka topic's name, so these clash with none.</summary>
public static class BusTopics
{
    /// <summary>Events, published to whoever subscribes.</summary>
    public const string Events = "bus:events";

    /// <summary>Commands, each sent to the address that it is registered with.</summary>
    public const string Commands = "bus:commands";

    /// <summary>Answers to requests, each sent to where it was asked from.</summary>
    public const string Replies = "bus:replies";

    /// <summary>Whether a topic is one of these.</summary>
    public static bool Contains(string topic) => topic is Events or Commands or Replies;
}
