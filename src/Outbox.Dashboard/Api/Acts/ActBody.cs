namespace Outbox.Dashboard.Api.Acts;

/// <summary>What to do something with, and why.</summary>
internal sealed record ActBody
{
    /// <summary>The message: an item's id.</summary>
    public required string Id { get; init; }

    /// <summary>Why, for the log and the audit.</summary>
    public required string Reason { get; init; }
}
