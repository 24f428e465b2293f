namespace Outbox.Messages.Intents;

/// <summary>Says what a message type wants, as the marker interfaces do, for types that should not implement one.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface)]
public sealed class IntentAttribute(MessageIntent intent) : Attribute
{
    /// <summary>What the message wants from its receiver.</summary>
    public MessageIntent Intent { get; } = intent;
}
