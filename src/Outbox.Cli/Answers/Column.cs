namespace Outbox.Cli.Answers;

/// <summary>A column of a table.</summary>
/// <param name="Title">What stands above it.</param>
/// <param name="Text">What stands in it; it may come from anywhere.</param>
internal sealed record Column<T>(string Title, Func<T, string?> Text)
{
    /// <summary>The most characters in a cell.</summary>
    public int Most { get; init; } = 120;

    /// <summary>How a cell looks where there are colours.</summary>
    public Func<T, Tone>? Tone { get; init; }
}
