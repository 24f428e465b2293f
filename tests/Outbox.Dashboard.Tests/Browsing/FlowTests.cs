using Outbox.Dashboard.Tests.Hosting;

namespace Outbox.Dashboard.Tests.Browsing;

public sealed class FlowTests(Chromium chromium) : IClassFixture<Chromium>
{
    /// <summary>At the root, below a path base, and with JavaScript off.</summary>
    public static TheoryData<string, string, bool> Places => new() { { "", "/", true }, { "/shop/eu", "/tools/outbox", true }, { "", "/outbox", false } };

    [Theory(Skip = Chromium.Missing, SkipType = typeof(Chromium), SkipWhen = nameof(Chromium.IsMissing))]
    [MemberData(nameof(Places))]
    public async Task A_group_of_failures_is_found_and_retried_and_the_operation_is_shown_done(string pathBase, string pattern, bool script)
    {
        await using var host = await Board.StartAsync(pathBase, pattern);
        foreach (var n in Enumerable.Range(1, 3))
        {
            await host.Shelf.ParkAsync($"order-{n}", error: "The topic takes nothing.");
        }

        await using var window = await chromium.OpenAsync(host.Site(pattern), Person.Operator, o => o.JavaScriptEnabled = script);
        await window.GoAsync("");
        await window.Page.GetByRole(Microsoft.Playwright.AriaRole.Navigation).GetByText("Failures").ClickAsync();
        await window.Page.GetByText("Captured, and not published").ClickAsync();
        await window.Page.GetByText("Retry…").First.ClickAsync();
        Assert.Contains("Retry 3 messages?", await window.BodyAsync());
        await window.Page.GetByLabel("Reason").FillAsync("the topic is back");
        await window.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Retry 3 messages" }).ClickAsync();

        await window.Page.Locator(".tag.good", new() { HasText = "done" }).WaitForAsync();
        Assert.Contains("3 of 3", await window.BodyAsync());
        Assert.Contains("/operation?id=", window.Page.Url);
        await window.GoAsync("failures?side=outbox");
        Assert.DoesNotContain("The topic takes nothing.", await window.BodyAsync());
        await window.GoAsync("audit");
        Assert.Contains("the topic is back", await window.BodyAsync());
        Assert.Contains("otto", await window.BodyAsync());
        Assert.Empty(window.Complaints);
    }

    [Fact(Skip = Chromium.Missing, SkipType = typeof(Chromium), SkipWhen = nameof(Chromium.IsMissing))]
    public async Task Why_an_entity_is_stuck_is_said_with_the_act_that_mends_it()
    {
        await using var host = await Board.StartAsync();
        await host.Shelf.ParkAsync("order-7", error: "The topic takes nothing.");
        await host.Shelf.CaptureAsync("order-7", "fine", 2);
        await using var window = await chromium.OpenAsync(host.Site(), Person.Operator);
        await window.GoAsync("");

        await window.Page.GetByRole(Microsoft.Playwright.AriaRole.Searchbox).FillAsync("order/order-7");
        await window.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Why?" }).ClickAsync();
        Assert.Contains("stuck", await window.Page.Locator("main .tag").First.InnerTextAsync());
        Assert.Contains("outbox parked retry --reason", await window.BodyAsync());
        await window.Page.GetByLabel("Reason").First.FillAsync("the topic is back");
        await window.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Retry" }).First.ClickAsync();

        await window.Text("It is being tried again.").WaitForAsync();
        Assert.Contains("/why?q=order%2Forder-7", window.Page.Url);
        Assert.Contains("Waits to be published", await window.BodyAsync());
        Assert.Empty(window.Complaints);
    }

    [Theory(Skip = Chromium.Missing, SkipType = typeof(Chromium), SkipWhen = nameof(Chromium.IsMissing))]
    [InlineData("outbox")]
    [InlineData("inbox")]
    public async Task What_was_discarded_is_restored(string side)
    {
        await using var host = await Board.StartAsync();
        var id = side == "outbox" ? await host.Shelf.ParkAsync("order-9") : await host.Shelf.ParkConsumedAsync(host.Shelf.Consumed("order-9"));
        await using var window = await chromium.OpenAsync(host.Site(), Person.Destroyer);
        await window.GoAsync($"message?side={side}&id={id}");

        await window.Page.GetByLabel("Reason").First.FillAsync("nobody needs it");
        await window.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Discard" }).ClickAsync();
        await window.Text("It was given up. It can be restored.").WaitForAsync();
        await window.GoAsync($"parked?side={side}&discarded=1");
        await window.Page.Locator("td a", new() { HasText = "order-9" }).First.WaitForAsync();
        await window.Page.Locator("td a").First.ClickAsync();
        await window.Page.GetByLabel("Reason").First.FillAsync("somebody does");
        await window.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Restore" }).ClickAsync();

        await window.Text("It is parked again, as it was.").WaitForAsync();
        Assert.Contains("nobody needs it", await window.BodyAsync());
        Assert.Contains("somebody does", await window.BodyAsync());
        Assert.Empty(window.Complaints);
    }
}
