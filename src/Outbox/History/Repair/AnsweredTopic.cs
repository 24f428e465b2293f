namespace Outbox.History.Repair;

/// <summary>A topic whose owner, this service, answers those that have missed versions.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="EntityType">What its entity ids name.</param>
/// <param name="Format">How its messages look.</param>
/// <param name="Options">The limits.</param>
public sealed record AnsweredTopic(string Topic, string EntityType, MessageFormat Format, AnswerOptions Options)
{
    /// <summary>The transforms that its payloads go through; <see langword="null"/> for none.</summary>
    public string? Transforms { get; init; }
}
