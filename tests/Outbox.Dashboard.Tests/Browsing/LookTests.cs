using Microsoft.Playwright;
using Outbox.Dashboard.Tests.Hosting;

namespace Outbox.Dashboard.Tests.Browsing;

public sealed class LookTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact(Skip = Chromium.Missing, SkipType = typeof(Chromium), SkipWhen = nameof(Chromium.IsMissing))]
    public async Task On_a_phone_no_page_scrolls_sideways()
    {
        await using var host = await Board.StartAsync();
        var id = await ParkAsync(host);
        await using var window = await chromium.OpenAsync(host.Site(), Person.Destroyer, o => (o.ViewportSize, o.IsMobile, o.HasTouch) = (new() { Width = 360, Height = 740 }, true, true));

        foreach (var page in (string[])[.. Board.Pages, $"message?side=outbox&id={id}", $"why?q={id}", "retry-all?side=outbox"])
        {
            await window.GoAsync(page);
            Assert.Equal((page, 360), (page, await window.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")));
        }
    }

    [Fact(Skip = Chromium.Missing, SkipType = typeof(Chromium), SkipWhen = nameof(Chromium.IsMissing))]
    public async Task It_is_dark_where_the_person_wants_it_so_and_can_be_read_either_way()
    {
        await using var host = await Board.StartAsync();
        await ParkAsync(host);
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await using var window = await chromium.OpenAsync(host.Site(), Person.Destroyer, o => o.ColorScheme = scheme);
            await window.GoAsync("");

            Assert.Equal(scheme == ColorScheme.Dark, await window.Page.EvaluateAsync<double>(Brightness("document.body", "backgroundColor")) < 0.2);
            foreach (var what in (string[])["main p", "nav a", ".tag", ".since", "h1"])
            {
                Assert.True(await ContrastAsync(window.Page, what) >= 4.5, $"{what} can hardly be read in {scheme}");
            }
        }
    }

    [Fact(Skip = Chromium.Missing, SkipType = typeof(Chromium), SkipWhen = nameof(Chromium.IsMissing))]
    public async Task With_a_keyboard_alone_one_gets_from_the_overview_to_an_act()
    {
        await using var host = await Board.StartAsync();
        var id = await ParkAsync(host);
        await using var window = await chromium.OpenAsync(host.Site(), Person.Operator);
        await window.GoAsync("");
        var keyboard = window.Page.Keyboard;

        await keyboard.PressAsync("Tab");
        Assert.Equal("To the content", await window.Page.EvaluateAsync<string>("document.activeElement.textContent"));
        await keyboard.PressAsync("Enter");
        Assert.EndsWith("#main", window.Page.Url);
        await keyboard.PressAsync("/");
        await keyboard.TypeAsync(id);
        await keyboard.PressAsync("Enter");
        await window.Text("On the command line:").WaitForAsync();
        await TabToAsync(window.Page, "input[name=reason]");
        Assert.NotEqual("none", await window.Page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
        await keyboard.TypeAsync("the topic is back");
        await keyboard.PressAsync("Enter");

        await window.Text("It is being tried again.").WaitForAsync();
        Assert.Empty(window.Complaints);
    }

    [Fact(Skip = Chromium.Missing, SkipType = typeof(Chromium), SkipWhen = nameof(Chromium.IsMissing))]
    public async Task Fields_have_labels_tables_have_headers_and_a_page_has_one_heading()
    {
        await using var host = await Board.StartAsync(outbox: o => o.AllowEdit = true);
        var id = await ParkAsync(host);
        await using var window = await chromium.OpenAsync(host.Site(), Person.Destroyer);

        foreach (var page in (string[])[.. Board.Pages, $"message?side=outbox&id={id}", $"why?q={id}", "retry-all?side=outbox"])
        {
            await window.GoAsync(page);
            Assert.Equal((page, 0), (page, await window.Page.EvaluateAsync<int>("[...document.querySelectorAll('input:not([type=hidden]), select, textarea')].filter(field => field.labels.length === 0).length")));
            Assert.Equal((page, 0), (page, await window.Page.EvaluateAsync<int>("[...document.querySelectorAll('table')].filter(table => !table.caption || !table.querySelector('th[scope=col]')).length")));
            Assert.Equal((page, 1), (page, await window.Page.Locator("h1").CountAsync()));
            Assert.Equal((page, 1), (page, await window.Page.Locator("main").CountAsync()));
        }

        Assert.Empty(window.Complaints);
    }

    private static async Task<string> ParkAsync(DashboardHost host)
    {
        await host.Shelf.ParkConsumedAsync(host.Shelf.Consumed("order-" + new string('9', 200), error: new string('e', 3_000)));
        await host.Shelf.ParkConsumedAsync(host.Shelf.Consumed("order-2", reason: Inbox.ParkReason.Gap, version: 5));
        return await host.Shelf.ParkAsync("order-" + new string('1', 200), error: "Broker: " + new string('e', 3_000));
    }

    private static async Task TabToAsync(IPage page, string what)
    {
        for (var n = 0; n < 60; n++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>($"document.activeElement.matches('{what}')"))
            {
                return;
            }
        }

        Assert.Fail($"No number of tabs leads to {what}.");
    }

    private static Task<double> ContrastAsync(IPage page, string what) => page.EvaluateAsync<double>($$"""
        (() => {
          const it = document.querySelector('{{what}}');
          let back = it;
          while (getComputedStyle(back).backgroundColor === 'rgba(0, 0, 0, 0)') back = back.parentElement;
          const [a, b] = [{{Brightness("it", "color")}}, {{Brightness("back", "backgroundColor")}}].sort((x, y) => y - x);
          return (a + .05) / (b + .05);
        })()
        """);

    /// <summary>The relative luminance of a colour (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance).</summary>
    private static string Brightness(string element, string property) =>
        $"(getComputedStyle({element}).{property}.match(/[\\d.]+/g).slice(0, 3).map(c => c / 255).map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)"
        + ".reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0))";
}
