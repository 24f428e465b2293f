using Microsoft.AspNetCore.Http;

namespace Outbox.Dashboard.Pages.Frame;

/// <summary>A request that a page cannot answer as it was meant.</summary>
internal sealed class PageException(int status, string title, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Title { get; } = title;

    public static PageException Wrong(string message) => new(StatusCodes.Status400BadRequest, "That cannot be asked for", message);

    public static PageException NotThere(string message) => new(StatusCodes.Status404NotFound, "Not here", message);
}
