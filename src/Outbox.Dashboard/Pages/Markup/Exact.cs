namespace Outbox.Dashboard.Pages.Markup;

/// <summary>Text that must come back from a form as it is.</summary>
internal readonly record struct Exact(string? Value)
{
    public string Text => Value ?? "";
}
