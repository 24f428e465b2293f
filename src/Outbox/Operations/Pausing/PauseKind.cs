namespace Outbox.Operations.Pausing;

/// <summary>What kind of thing is paused.</summary>
public enum PauseKind
{
    /// <summary>All publishing of the service.</summary>
    Relay,

    /// <summary>Publishing to one topic.</summary>
    Topic,

    /// <summary>Consuming of one topic endpoint, in all of its instances.</summary>
    Endpoint,
}
