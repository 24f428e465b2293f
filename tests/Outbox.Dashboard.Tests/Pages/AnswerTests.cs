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
            Assert.DoesNotContain("unknown\"", html);
        }
    }
}
