using Microsoft.Extensions.DependencyInjection;
using Outbox.Dashboard.Tests.Browsing;
using Outbox.Dashboard.Tests.Hosting;
using Outbox.Operations.Redacting;

namespace Outbox.Dashboard.Tests.Pages;

public sealed class PayloadTests
{
    [Fact]
    public async Task A_payload_is_a_file_and_never_a_page()
    {
        await using var host = await Board.StartAsync();
        var id = await host.Shelf.ParkAsync(text: "<script>alert(1)</script>");

        using var answer = await host.Client(Person.Inspector).GetAsync($"outbox/payload?side=outbox&id={id}");

        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal((await host.Get<Delivery.Operations.IOutboxOperations>().GetAsync(id))!.Message.Payload, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_the_redactor_takes_away_is_on_no_page_in_no_file_and_in_no_form()
    {
        await using var host = await Board.StartAsync(outbox: o =>
        {
            o.AllowEdit = true;
            o.Redact.Add("text");
            o.Redact.Add("note");
        });
        var outbox = await host.Shelf.ParkAsync(text: "the secret");
        var inbox = await host.Shelf.ParkConsumedAsync(host.Shelf.Consumed(text: "the secret"));

        foreach (var page in (string[])[$"side=outbox&id={outbox}", $"side=inbox&id={inbox}"])
        {
            var html = await host.Client(Person.Destroyer).GetStringAsync($"outbox/message?{page}");
            Assert.Contains("redacted", html);
            Assert.DoesNotContain("the secret", html);
            Assert.DoesNotContain("<textarea", html);
            Assert.DoesNotContain("the secret", await host.Client(Person.Destroyer).GetStringAsync($"outbox/payload?{page}"));
        }
    }

    [Fact]
    public async Task Where_the_redactor_fails_nothing_is_shown()
    {
        await using var host = await DashboardHost.StartAsync(Board.Settings(services: services => services.AddSingleton<IPayloadRedactor, Broken>()));
        var id = await host.Shelf.ParkAsync(text: "the secret");

        var html = await host.Client(Person.Destroyer).GetStringAsync($"outbox/message?side=outbox&id={id}");

        Assert.Contains("the redactor failed", html);
        Assert.DoesNotContain("the secret", html);
    }

    private sealed class Broken : IPayloadRedactor
    {
        public string RedactPayload(RedactedContent content) => throw new InvalidOperationException(content.Payload);

        public string RedactHeader(string? type, string topic, string name, string value) => throw new InvalidOperationException(value);
    }
}
