namespace Outbox.Operations.Failures;

/// <summary>How a message was given up.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who did it.</param>
/// <param name="Reason">Why.</param>
public sealed record DiscardNote(DateTimeOffset At, Actor By, string Reason)
{
    /// <summary>The bulk operation that it was part of.</summary>
    public string? OperationId { get; init; }
}
