namespace Outbox.Kafka;

/// <summary>What an endpoint does when Kafka has deleted messages, by the topic's retention, that its group had not read.</summary>
public enum LostMessagesPolicy
{
    /// <summary>It goes on with the first message that is left. The log, a metric and health say how many were lost.</summary>
    GoOn,

    /// <summary>It reads the partition no further, and health says so, until a person sets the group's offset or this policy and starts the service again.</summary>
    Stop,
}
