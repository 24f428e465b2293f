namespace Outbox.Delivery.Publishing;

/// <summary>What became of one message of a batch.</summary>
public enum PublishStatus
{
    /// <summary>Acknowledged by all in-sync replicas.</summary>
    Published,

    /// <summary>Not published because something before it was not.</summary>
    Held,

    /// <summary>Not published; a later attempt may succeed.</summary>
    Failed,

    /// <summary>Refused for a reason that no attempt can change.</summary>
    Refused,
}
