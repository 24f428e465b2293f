namespace Outbox.Versioning;

/// <summary>Newest wins: the rule by which a change is applied, recognised or left out.</summary>
public static class VersionRule
{
    /// <summary>Decides from the state that the change met.</summary>
    /// <param name="stored">The state's version and last message; <see langword="null"/> when there was no state.</param>
    /// <param name="change">The change.</param>
    public static ApplyOutcome Decide((long Version, string? LastMessageId)? stored, MessageStamp change) => stored switch
    {
        null => ApplyOutcome.Applied,
        { } state when state.Version < change.Version => ApplyOutcome.Applied,
        { } state when state.Version == change.Version && state.LastMessageId == change.MessageId => ApplyOutcome.Duplicate,
        _ => ApplyOutcome.Stale,
    };
}
