namespace Outbox.Operations.Auditing;

/// <summary>What somebody did. It is written in the transaction of the act itself, so that there is one exactly if there is the other.</summary>
/// <param name="Act">What was done: one of <see cref="AuditActs"/>.</param>
/// <param name="Target">With what, for a person: <c>message 4711</c>, <c>topic orders</c>, <c>3 parked messages of endpoint billing</c>.</param>
/// <param name="By">Who did it.</param>
/// <param name="Reason">Why, as he said.</param>
/// <param name="Outcome">What came of it, for a person: <c>put back into the outbox</c>, <c>paused until …</c>.</param>
public sealed record AuditEntry(string Act, string Target, Actor By, string Reason, string Outcome)
{
    /// <summary>Its name; empty until it is written.</summary>
    public string Id { get; init; } = "";

    /// <summary>When, by the database server's clock; not set until it is written.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The messages that it was done with. An act on many is written some at a time, each with its own.</summary>
    public IReadOnlyList<string> MessageIds { get; init; } = [];

    /// <summary>The type of the entity that it was done with, if it was one.</summary>
    public string? EntityType { get; init; }

    /// <summary>The id of the entity that it was done with, if it was one.</summary>
    public string? EntityId { get; init; }

    /// <summary>The topic.</summary>
    public string? Topic { get; init; }

    /// <summary>The endpoint: its group.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The bulk operation that it is a part of.</summary>
    public string? OperationId { get; init; }

    /// <summary>What was there before, where the act replaced it: the payload of an edited message.</summary>
    public string? Original { get; init; }
}
