using System.Text;
using Outbox.Dashboard.Tests.Hosting;
using Outbox.Inbox;
using Outbox.Operations;
using Outbox.Operations.Pausing;

namespace Outbox.Dashboard.Tests.Browsing;

public sealed class HostileTests(Chromium chromium) : IClassFixture<Chromium>
{
    /// <summary>What would run, break out, turn the text around, or be taken for an address.</summary>
    private const string Hostile =
        "<script>alert(1)</script>\"'><img src=x onerror=alert(2)><svg/onload=alert(3)></textarea></title></style></pre>--><iframe src=//evil.example></iframe>"
        + "javascript:alert(4) {{7*7}} ${7*7} \u202e\u2066\0\u0007\u2028 &lt;b&gt; \" autofocus onfocus=alert(5) x=\"";

    [Fact(Skip = Chromium.Missing, SkipType = typeof(Chromium), SkipWhen = nameof(Chromium.IsMissing))]
    public async Task Nothing_of_a_message_runs_or_breaks_a_page()
    {
        await using var host = await Board.StartAsync(outbox: o => o.AllowEdit = true);
        var (outbox, inbox) = await ParkAsync(host);
        await using var window = await chromium.OpenAsync(host.Site(), Person.Destroyer);

        foreach (var page in (string[])
        [
            .. Board.Pages, $"message?side=outbox&id={Uri.EscapeDataString(outbox)}", $"message?side=inbox&id={Uri.EscapeDataString(inbox)}", $"why?q={Uri.EscapeDataString(Hostile)}",
            $"why?type=order&id={Uri.EscapeDataString(Hostile)}", $"parked?side=inbox&error={Uri.EscapeDataString(Hostile)}", $"retry-all?side=inbox&topic={Uri.EscapeDataString(Hostile)}",
            $"audit?by={Uri.EscapeDataString(Hostile)}", $"release?endpoint={Uri.EscapeDataString(Hostile)}&topic=t&id={Uri.EscapeDataString(Hostile)}", $"pauses?kind=endpoint&name={Uri.EscapeDataString(Hostile)}",
            $"operation?id={Uri.EscapeDataString(Hostile)}", $"parked?cursor={Uri.EscapeDataString(Hostile)}", $"message?side={Uri.EscapeDataString(Hostile)}&id=1", $"?did={Uri.EscapeDataString(Hostile)}",
        ])
        {
            var answer = await window.GoAsync(page);

            Assert.True(answer.Status is 200 or 400 or 404, $"{page}: {answer.Status}");
            Assert.Equal(0, await window.Page.Locator("main script, main iframe, main img, [onerror], [onload], [onfocus]").CountAsync());
            Assert.Equal("main", await window.Page.Locator("#main").EvaluateAsync<string>("it => it.localName"));
            Assert.Equal(0, await window.Page.Locator("a[href^='javascript' i], a[href^='data' i], a[href^='//'], form[action*='//'], [formaction*='//']").CountAsync());
            Assert.DoesNotContain(await window.Page.InnerTextAsync("body"), text => text is '\u202e' or '\u2066' or '\u2028' or '\0' or '\a');
        }

        Assert.Empty(window.Complaints);
    }

    [Fact(Skip = Chromium.Missing, SkipType = typeof(Chromium), SkipWhen = nameof(Chromium.IsMissing))]
    public async Task A_payload_that_is_edited_is_the_one_that_was_shown()
    {
        await using var host = await Board.StartAsync(outbox: o => o.AllowEdit = true);
        var id = await host.Shelf.ParkAsync("order-1", Hostile);
        var before = (await host.Get<Delivery.Operations.IOutboxOperations>().GetAsync(id))!.Message.Payload;
        await using var window = await chromium.OpenAsync(host.Site(), Person.Destroyer);
        await window.GoAsync($"message?side=outbox&id={id}");

        await window.Page.GetByText("Edit and retry").First.ClickAsync();
        Assert.Equal(before, await window.Page.Locator("textarea").InputValueAsync());
        Assert.Empty(window.Complaints);
    }

    private static async Task<(string Outbox, string Inbox)> ParkAsync(DashboardHost host)
    {
        var outbox = await host.Shelf.ParkAsync(Hostile, Hostile, Hostile + new string('x', 1_000_000));
        await host.Shelf.CaptureAsync(Hostile, Hostile, 2);
        await host.Shelf.ParkConsumedAsync(Message(host, ParkReason.Gap) with { Version = 7 });
        var inbox = await host.Shelf.ParkConsumedAsync(Message(host, ParkReason.Failed));
        var decision = new Decision(Hostile) { By = Actor.Authenticated(Hostile) with { Via = Hostile } };
        var discarded = await host.Shelf.ParkConsumedAsync(Message(host, ParkReason.Failed) with { EntityId = "other" });
        await host.Get<Inbox.Operations.IInboxOperations>().DiscardAsync(discarded, decision);
        await host.Get<IPauses>().PauseAsync(new PauseRequest(PauseTarget.Topic(Hostile), Hostile) { By = decision.By });
        await host.Get<Operations.Bulk.IBulkOperations>().StartAsync(new() { Action = Operations.Bulk.BulkAction.Retry, Reason = Hostile, By = decision.By, Inbox = new() { Endpoint = Hostile, Topic = Hostile } });
        return (outbox, inbox);
    }

    private static ParkedMessage Message(DashboardHost host, ParkReason reason) => host.Shelf.Consumed(Hostile, Hostile, Hostile + "\ud800" + new string('y', 1_000_000), reason: reason) with
    {
        Endpoint = Hostile,
        Topic = Hostile,
        EntityType = Hostile,
        Type = Hostile,
        MessageId = Hostile + Guid.NewGuid(),
        Headers = [new(Hostile, Encoding.UTF8.GetBytes(Hostile)), new("traceparent", Encoding.UTF8.GetBytes(Hostile)), new("binary", [0xff, 0, 0xfe])],
    };
}
