using Microsoft.Playwright;

namespace Outbox.Dashboard.Tests.Browsing;

/// <summary>The system's browser, one for the whole run. Where there is none, tests are skipped and say so.</summary>
public sealed class Chromium : IAsyncLifetime
{
    public const string Missing = "There is no Chromium here: install Debian's package chromium, or name one with OUTBOX_TEST_CHROMIUM.";

    /// <summary>CI's machines are slow; what a test waits for comes much sooner.</summary>
    private const float Patience = 30_000;

    public static readonly string? Path = new[] { Environment.GetEnvironmentVariable("OUTBOX_TEST_CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public static bool IsMissing => Path is null;

    public IBrowser Browser => _browser ?? throw new InvalidOperationException(Missing);

    public async ValueTask InitializeAsync()
    {
        if (Path is not null)
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Path, Args = Environment.UserName == "root" ? ["--no-sandbox"] : [], Timeout = Patience });
        }
    }

    /// <summary>A window of a person, with nothing of any other.</summary>
    internal async Task<Window> OpenAsync(Uri site, Hosting.Person? person, Action<BrowserNewContextOptions>? how = null)
    {
        var options = new BrowserNewContextOptions { ViewportSize = new() { Width = 1280, Height = 900 } };
        how?.Invoke(options);
        var context = await Browser.NewContextAsync(options);
        context.SetDefaultTimeout(Patience);
        if (person is not null)
        {
            await context.AddCookiesAsync([new Cookie { Name = Hosting.Person.Cookie, Value = person.ToString(), Url = site.GetLeftPart(UriPartial.Authority) }]);
        }

        return new Window(context, await context.NewPageAsync(), site);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
