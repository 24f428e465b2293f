namespace Outbox.Capture;

/// <summary>The message whose processing captures others.</summary>
/// <param name="MessageId">Its id: the causation id of what it causes.</param>
/// <param name="CorrelationId">Its conversation, handed on.</param>
public sealed record Cause(string MessageId, string? CorrelationId)
{
    /// <summary>Its type's name, where known.</summary>
    public string? Type { get; init; }
}
