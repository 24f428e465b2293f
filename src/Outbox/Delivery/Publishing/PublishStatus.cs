namespace Outbox.Delivery.Publishing;

/// <summary>What became of one message of a batch.</summary>
public enum PublishStatus
{
    /// <summary>Acknowledged by all in-sync replicas.</summary>
    Published,

    /// <summary>Not published because something before it was not.</summary>
    Held,

    /// <summary>The broker answered with an error that may pass.</summary>
    Failed,

    /// <summary>The broker did not answer, in time or at all. It says nothing about the message.</summary>
    Unavailable,

    /// <summary>Refused for a reason in the message that no attempt can change.</summary>
    Refused,

    /// <summary>The place that it goes to takes nothing at all: no right to write there, an unknown topic, wrong credentials. It says nothing about the message.</summary>
    PlaceFailed,

    /// <summary>This instance does not know what it takes to publish the message: a newer one has stored it, and will publish it.</summary>
    NotKnown,
}
