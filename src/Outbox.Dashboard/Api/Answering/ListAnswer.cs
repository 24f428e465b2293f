namespace Outbox.Dashboard.Api.Answering;

/// <summary>A list, or a page of one.</summary>
/// <param name="Items">What is on it.</param>
internal sealed record ListAnswer<T>(IReadOnlyList<T> Items)
{
    /// <summary>The cursor of the next page; left out on the last.</summary>
    public string? Next { get; init; }
}
