namespace Outbox.Operations;

/// <summary>A part of what was found.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="Next">The cursor of the next page; <see langword="null"/> on the last.</param>
/// <typeparam name="T">What was looked for.</typeparam>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next)
{
    /// <summary>The most that a page may have.</summary>
    public const int MostItems = 1_000;
}
