namespace Outbox.Operations.Redacting;

/// <summary>What people may see of a text.</summary>
/// <param name="Text">It; where the redactor failed, a sentence that says so, and nothing of the content.</param>
/// <param name="IsRedacted">Whether it is other than what is stored.</param>
public sealed record ShownText(string Text, bool IsRedacted)
{
    /// <summary>Whether the redactor failed.</summary>
    public bool HasFailed { get; init; }
}
