using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Outbox.Dashboard.Tests.Hosting;
using Outbox.Delivery.Operations;

namespace Outbox.Dashboard.Tests.Browsing;

public sealed class IntrusionTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact(Skip = Chromium.Missing, SkipType = typeof(Chromium), SkipWhen = nameof(Chromium.IsMissing))]
    public async Task A_form_of_somebody_elses_page_acts_on_nothing_though_the_browser_sends_the_persons_cookie()
    {
        await using var host = await Board.StartAsync();
        var id = await host.Shelf.ParkAsync();
        await using var evil = await EvilAsync($"<form method=\"post\" action=\"{new Uri(host.Site(), $"discard?side=outbox&id={id}")}\"><input name=\"reason\" value=\"fun\"><button>Win a prize</button></form>");
        await using var window = await chromium.OpenAsync(host.Site(), Person.Destroyer);

        await window.Page.GotoAsync(AddressOf(evil));
        await window.Page.ClickAsync("button");
        await window.Text("A page of another site sent this.").WaitForAsync();

        Assert.Null((await host.Get<IOutboxOperations>().GetAsync(id))!.Discarded);
    }

    [Fact(Skip = Chromium.Missing, SkipType = typeof(Chromium), SkipWhen = nameof(Chromium.IsMissing))]
    public async Task A_page_is_shown_in_no_frame_of_somebody_else()
    {
        await using var host = await Board.StartAsync();
        await using var evil = await EvilAsync($"<iframe src=\"{host.Site()}\"></iframe>");
        await using var window = await chromium.OpenAsync(host.Site(), Person.Destroyer);

        await window.Page.GotoAsync(AddressOf(evil), new() { WaitUntil = Microsoft.Playwright.WaitUntilState.Load });

        Assert.Equal(2, window.Page.Frames.Count);
        Assert.Equal(0, await window.Page.Frames[1].Locator("main").CountAsync());
        Assert.Contains(window.Complaints, complaint => complaint.Contains("frame-ancestors", StringComparison.Ordinal));
    }

    [Fact(Skip = Chromium.Missing, SkipType = typeof(Chromium), SkipWhen = nameof(Chromium.IsMissing))]
    public async Task Whoever_is_nobody_gets_nowhere_and_a_reader_is_offered_nothing_to_do()
    {
        await using var host = await Board.StartAsync();
        var id = await host.Shelf.ParkAsync(text: "the secret");
        await using var nobody = await chromium.OpenAsync(host.Site(), null);
        await using var stranger = await chromium.OpenAsync(host.Site(), Person.Stranger);
        await using var reader = await chromium.OpenAsync(host.Site(), Person.Reader);
        foreach (var page in (string[])[.. Board.Pages, $"message?side=outbox&id={id}", $"why?q={id}", "dashboard.js"])
        {
            Assert.Equal((page, 401), (page, (await nobody.Page.APIRequest.GetAsync(new Uri(nobody.Site, page).ToString())).Status));
            Assert.Equal((page, 403), (page, (await stranger.Page.APIRequest.GetAsync(new Uri(stranger.Site, page).ToString())).Status));
            Assert.Equal((page, 200), (page, (await reader.GoAsync(page)).Status));
            Assert.Equal(0, await reader.Page.Locator("form[method=post], .button").CountAsync());
            Assert.DoesNotContain("the secret", await reader.Page.ContentAsync());
        }

        Assert.Empty(reader.Complaints);
    }

    [Fact(Skip = Chromium.Missing, SkipType = typeof(Chromium), SkipWhen = nameof(Chromium.IsMissing))]
    public async Task Behind_a_proxy_that_takes_a_prefix_away_everything_works_without_a_setting()
    {
        await using var host = await Board.StartAsync();
        var id = await host.Shelf.ParkAsync();
        await using var proxy = await ProxyAsync(host.Server, "/teams/shop");
        await using var window = await chromium.OpenAsync(new Uri(AddressOf(proxy) + "/teams/shop/outbox/"), Person.Operator);

        await window.Page.GotoAsync(window.Site.ToString().TrimEnd('/'));
        Assert.EndsWith("/teams/shop/outbox/", window.Page.Url);
        await window.Page.GetByRole(Microsoft.Playwright.AriaRole.Navigation).GetByText("Parked").ClickAsync();
        await window.Page.GetByText("Not published").ClickAsync();
        await window.Page.Locator("td a").First.ClickAsync();
        await window.Page.GetByLabel("Reason").FillAsync("the topic is back");
        await window.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Retry" }).ClickAsync();
        await window.Text("It is being tried again.").WaitForAsync();

        Assert.Equal("system-ui", (await window.Page.EvaluateAsync<string>("getComputedStyle(document.body).fontFamily")).Split(',')[0]);
        Assert.Null(await host.Get<IOutboxOperations>().GetAsync(id));
        Assert.Empty(window.Complaints);
    }

    private static string AddressOf(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>A page of another site: <c>localhost</c> is another than <c>127.0.0.1</c>, and both get no cookie of the other but for a request to it.</summary>
    private static Task<WebApplication> EvilAsync(string html) => ServeAsync(app => app.Run(http =>
    {
        http.Response.ContentType = "text/html";
        return http.Response.WriteAsync($"<!doctype html><title>evil</title>{html}");
    }));

    private static async Task<WebApplication> ProxyAsync(Uri server, string prefix)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server };
        return await ServeAsync(app => app.Run(async http =>
        {
            using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), http.Request.Path.Value![prefix.Length..] + http.Request.QueryString);
            request.Content = http.Request.ContentLength > 0 ? new StreamContent(http.Request.Body) : null;
            foreach (var header in http.Request.Headers)
            {
                if (!request.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable()))
                {
                    request.Content?.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable());
                }
            }

            request.Headers.Host = null;
            using var answer = await client.SendAsync(request);
            http.Response.StatusCode = (int)answer.StatusCode;
            foreach (var header in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Transfer-Encoding"))
            {
                http.Response.Headers[header.Key] = header.Value.ToArray();
            }

            await answer.Content.CopyToAsync(http.Response.Body);
        }));
    }

    private static async Task<WebApplication> ServeAsync(Action<WebApplication> run)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.None);
        var app = builder.Build();
        run(app);
        await app.StartAsync();
        return app;
    }
}
