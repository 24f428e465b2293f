using Outbox.Dashboard.Tests.Hosting;
using Outbox.Operations.Pausing;

namespace Outbox.Dashboard.Tests.Browsing;

public sealed class PictureTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Accept = "OUTBOX_ACCEPT_PICTURE";

    public static bool IsNotAsked => Chromium.IsMissing || Environment.GetEnvironmentVariable(Accept) != "1";

    /// <summary>Makes the picture that the README shows.</summary>
    [Fact(Skip = "It writes docs/dashboard.png: set OUTBOX_ACCEPT_PICTURE=1, where there is a Chromium.", SkipType = typeof(PictureTests), SkipWhen = nameof(IsNotAsked))]
    public async Task The_picture_is_of_the_overview()
    {
        await using var host = await DashboardHost.StartAsync(Pictured.Settings());
        await Pictured.FillAsync(host);
        await using var window = await chromium.OpenAsync(host.Site(), Person.Destroyer, o => (o.ViewportSize, o.ColorScheme) = (new() { Width = 1280, Height = 800 }, Microsoft.Playwright.ColorScheme.Light));
        await window.GoAsync("");

        var path = Path.Combine(Pictured.Repository(), "docs", "dashboard.png");
        await window.Page.ScreenshotAsync(new() { Path = path });
        foreach (var (page, name) in new[] { ("failures", "failures"), ("parked?side=inbox", "parked"), ("why?q=order/order-4711", "why"), ("relays", "relays") })
        {
            // To look at, beside it; they are not kept.
            await window.GoAsync(page);
            await window.Page.ScreenshotAsync(new() { Path = Path.Combine(Path.GetTempPath(), $"dashboard-{name}.png") });
        }

        Assert.InRange(new FileInfo(path).Length, 1, 100 * 1024);
        Assert.Empty(window.Complaints);
    }
}
