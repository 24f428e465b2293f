namespace Outbox.Dashboard.Pages.Frame;

/// <summary>What a question to the database brought; or why it brought nothing in time.</summary>
internal sealed record Known<T>(T? Value, string? Problem)
{
    public bool IsKnown => Problem is null;
}
