using Microsoft.Playwright;

namespace Outbox.Dashboard.Tests.Browsing;

/// <summary>A browser's window on a dashboard. It writes down what no page of ours may do: complain, load from elsewhere, open a dialog.</summary>
internal sealed class Window : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    public Window(IBrowserContext context, IPage page, Uri site)
    {
        (_context, Page, Site) = (context, page, site);
        page.Console += (_, message) => Note(message.Type is "error" or "warning" && !IsStatus(message.Text), $"console: {message.Text}");
        page.PageError += (_, error) => Note(true, $"script: {error}");
        page.Request += (_, request) => Note(!request.Url.StartsWith(site.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal), $"asked elsewhere: {request.Url}");
        page.Dialog += async (_, dialog) =>
        {
            Note(true, $"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
    }

    public IPage Page { get; }

    /// <summary>The dashboard's address, with a slash at its end.</summary>
    public Uri Site { get; }

    public List<string> Complaints { get; } = [];

    public async Task<IResponse> GoAsync(string page) => (await Page.GotoAsync(new Uri(Site, page).ToString()))!;

    public ILocator Text(string text) => Page.GetByText(text).First;

    public Task<string> BodyAsync() => Page.InnerTextAsync("main");

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    /// <summary>That an answer is 403 or 404 the browser says too; that is no fault of the page.</summary>
    private static bool IsStatus(string text) => text.StartsWith("Failed to load resource: the server responded with a status", StringComparison.Ordinal);

    private void Note(bool isWrong, string what)
    {
        if (isWrong)
        {
            lock (Complaints)
            {
                Complaints.Add(what);
            }
        }
    }
}
