using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Tests.Browsing;
using Outbox.Dashboard.Tests.Hosting;

namespace Outbox.Dashboard.Tests.Pages;

public sealed partial class AssetTests
{
    [Fact]
    public void The_style_has_8_KB_at_most_and_the_script_4()
    {
        Assert.InRange(Assets.Style.Content.Length, 1, 8 * 1024);
        Assert.InRange(Assets.Script.Content.Length, 1, 4 * 1024);
    }

    [Fact]
    public async Task They_are_kept_by_browsers_for_as_long_as_they_are_the_same()
    {
        await using var host = await Board.StartAsync();
        var client = host.Client(Person.Reader);
        var address = StyleLink().Match(await client.GetStringAsync("outbox/")).Groups[1].Value;

        using var first = await client.GetAsync($"outbox/{address}");
        Assert.True(first.Headers.CacheControl!.MaxAge > TimeSpan.FromDays(1));
        Assert.Equal("text/css", first.Content.Headers.ContentType!.MediaType);
        using var again = new HttpRequestMessage(HttpMethod.Get, "outbox/dashboard.css");
        again.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(first.Headers.ETag!.Tag));
        using var second = await client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.True(second.Headers.CacheControl!.NoCache);
    }

    [Fact]
    public async Task No_page_has_a_style_or_a_script_within()
    {
        await using var host = await Board.StartAsync();
        await host.Shelf.ParkAsync();
        foreach (var page in Board.Pages)
        {
            var html = await host.Client(Person.Destroyer).GetStringAsync($"outbox/{page}");

            Assert.DoesNotContain(" style=", html);
            Assert.DoesNotContain("<style", html);
            Assert.DoesNotMatch("<script(?! src=\"dashboard)", html);
            Assert.DoesNotMatch(" on[a-z]+=", html);
        }
    }

    [GeneratedRegex("href=\"(dashboard\\.css[^\"]+)\"")]
    private static partial Regex StyleLink();
}
