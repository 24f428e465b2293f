namespace Outbox.Dashboard.Pages.Markup;

/// <summary>A table that is read on a phone too: there each row is a block, and each cell has its header before it.</summary>
internal static class Table
{
    /// <param name="caption">What it lists, for those who hear it.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="nothing">What is said where there are none.</param>
    /// <param name="columns">Its columns.</param>
    public static Html Of<T>(string caption, IReadOnlyCollection<T> rows, string nothing, params IReadOnlyList<Column<T>> columns) => rows.Count == 0
        ? Html.Of($"<p class=\"none\">{nothing}</p>")
        : Html.Of($"<table><caption class=\"vh\">{caption}</caption><thead><tr>{Html.Each(columns, Head)}</tr></thead><tbody>{Html.Each(rows, row => Row(row, columns))}</tbody></table>");

    private static Html Head<T>(Column<T> column) => Html.Of($"<th scope=\"col\"{Class(column)}>{column.Head}</th>");

    private static Html Row<T>(T row, IReadOnlyList<Column<T>> columns) =>
        Html.Of($"<tr>{Html.Each(columns, column => Html.Of($"<td data-head=\"{column.Head}\"{Class(column)}>{column.Cell(row)}</td>"))}</tr>");

    private static Html Class<T>(Column<T> column) => Html.If(column.IsNumber, $" class=\"n\"");
}
