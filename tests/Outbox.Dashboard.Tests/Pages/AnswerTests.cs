using System.Net;
using Outbox.Dashboard.Tests.Browsing;
using Outbox.Dashboard.Tests.Hosting;

namespace Outbox.Dashboard.Tests.Pages;

public sealed class AnswerTests
{
    [Fact]
    public async Task Every_page_answers_with_html_of_its_own()
    {
        await using var host = await Board.StartAsync();
        var client = host.Client(Person.Destroyer);
        foreach (var page in Board.Pages)
        {
            using var answer = await client.GetAsync($"outbox/{page}");
            var html = await answer.Content.ReadAsStringAsync();

            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{page}: {answer.StatusCode} {html}");
            Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
            Assert.Contains("<h1>", html);
            Assert.DoesNotContain(">unknown<", html);
            Assert.DoesNotContain("class=\"notice", html);
        }
    }

    [Fact]
    public async Task All_pages_lie_in_one_folder_so_that_relative_links_hold()
    {
        await using var host = await Board.StartAsync("/shop");
        var client = host.Client(Person.Reader);

        Assert.Equal("./outbox/?did=retried", (await client.GetAsync("outbox?did=retried")).Headers.Location!.ToString());
        Assert.Equal("../parked?side=inbox", (await client.GetAsync("outbox/parked/?side=inbox")).Headers.Location!.ToString());
        Assert.DoesNotContain("href=\"/", await client.GetStringAsync("outbox/"));
    }

    [Fact]
    public async Task What_cannot_be_asked_for_is_said_to_be_so()
    {
        await using var host = await Board.StartAsync();
        var client = host.Client(Person.Destroyer);

        foreach (var page in (string[])["parked?cursor=nonsense", "parked?side=both", "parked?from=yesterday", "parked?side=inbox&reason=bad", "message", "why", "audit?cursor=x", "parked?error=%00", "resume?kind=topic"])
        {
            Assert.True((await client.GetAsync($"outbox/{page}")).StatusCode == HttpStatusCode.BadRequest, page);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("outbox/message?side=outbox&id=none")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("outbox/operation?id=none")).StatusCode);
    }
}
