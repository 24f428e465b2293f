using Outbox.Messages;

namespace Outbox.Capture;

/// <summary>What a publish or send call was given.</summary>
/// <param name="Message">The message; <see langword="null"/> is a tombstone.</param>
/// <param name="Type">What the caller calls it: the type of a variable, or one that was given.</param>
/// <param name="Verb">What the call says that the message wants.</param>
/// <param name="EntityId">The entity.</param>
/// <param name="Version">The entity's version after the change; <see langword="null"/> to have one counted.</param>
internal readonly record struct CapturedCall(object? Message, Type Type, MessageIntent Verb, string EntityId, long? Version)
{
    /// <summary>Whether the type was given, and stands even where the message's own type is registered too.</summary>
    public bool IsExact { get; init; }
}
