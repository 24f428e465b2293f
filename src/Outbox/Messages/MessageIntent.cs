namespace Outbox.Messages;

/// <summary>What a message wants from its receiver.</summary>
public enum MessageIntent
{
    /// <summary>"My state has changed": one publisher, any number of subscribers.</summary>
    Event,

    /// <summary>"Please change yours": one receiving endpoint, which may refuse.</summary>
    Command,

    /// <summary>"Tell me": asked and answered at once, so it is never stored in an outbox.</summary>
    Query,
}
