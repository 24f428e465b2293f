namespace Outbox.Dashboard.Pages.Markup;

/// <summary>A column of a table.</summary>
/// <param name="Head">Its header.</param>
/// <param name="Cell">What stands in it.</param>
internal sealed record Column<T>(string Head, Func<T, Html> Cell)
{
    /// <summary>Whether it has numbers, which stand below each other.</summary>
    public bool IsNumber { get; init; }
}
