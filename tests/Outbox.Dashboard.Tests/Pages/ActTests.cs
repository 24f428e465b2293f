using System.Net;
using Outbox.Dashboard.Tests.Browsing;
using Outbox.Dashboard.Tests.Hosting;
using Outbox.Delivery.Operations;
using Outbox.Operations.Auditing;
using Outbox.Operations.Bulk;
using Outbox.Operations.Pausing;

namespace Outbox.Dashboard.Tests.Pages;

public sealed class ActTests
{
    [Fact]
    public async Task What_people_may_not_do_is_not_shown_and_refused()
    {
        await using var host = await Board.StartAsync(outbox: o => o.AllowEdit = true);
        var id = await host.Shelf.ParkAsync(text: "the secret");
        await host.Shelf.ParkConsumedAsync(host.Shelf.Consumed(reason: Inbox.ParkReason.Gap, version: 7));
        string[] pages = [$"message?side=outbox&id={id}", $"why?q={id}", .. Board.Pages];

        foreach (var page in pages)
        {
            var html = await host.Client(Person.Reader).GetStringAsync($"outbox/{page}");
            Assert.DoesNotContain("method=\"post\"", html);
            Assert.DoesNotMatch("class=\"button[ \"]", html);
            Assert.DoesNotContain("the secret", html);
            Assert.DoesNotContain("grave", await host.Client(Person.Operator).GetStringAsync($"outbox/{page}"));
        }

        Assert.Contains("the secret", await host.Client(Person.Inspector).GetStringAsync($"outbox/{pages[0]}"));
        Assert.Equal(HttpStatusCode.Forbidden, (await host.Client(Person.Operator).GetAsync($"outbox/payload?side=outbox&id={id}")).StatusCode);
        foreach (var act in (string[])["retry", "restore", "discard", "edit", "retry-all", "restore-all", "discard-all", "release", "pause", "resume", "cancel"])
        {
            Assert.Equal((act, HttpStatusCode.Forbidden), (act, (await SendAsync(host, Person.Inspector, $"{act}?side=outbox&id={id}&kind=relay&endpoint=e&topic=t")).StatusCode));
        }

        foreach (var act in (string[])["discard", "edit", "discard-all", "release"])
        {
            Assert.Equal((act, HttpStatusCode.Forbidden), (act, (await SendAsync(host, Person.Operator, $"{act}?side=outbox&id={id}&endpoint=e&topic=t")).StatusCode));
        }

        Assert.NotNull(await host.Get<IOutboxOperations>().GetAsync(id));
    }

    [Fact]
    public async Task An_act_is_done_once_however_often_it_is_sent()
    {
        await using var host = await Board.StartAsync();
        var id = await host.Shelf.ParkAsync();

        var first = await SendAsync(host, Person.Destroyer, $"retry?side=outbox&id={id}");
        Assert.Equal((HttpStatusCode.SeeOther, $"message?side=outbox&id={id}&did=retried"), (first.StatusCode, first.Headers.Location!.ToString()));
        var second = await SendAsync(host, Person.Destroyer, $"retry?side=outbox&id={id}");
        Assert.EndsWith("did=nothing", second.Headers.Location!.ToString());

        var bulk = ("operation", Guid.NewGuid().ToString("N"));
        var started = await SendAsync(host, Person.Operator, "retry-all?side=inbox&group=abc", bulk);
        Assert.Equal(started.Headers.Location, (await SendAsync(host, Person.Operator, "retry-all?side=inbox&group=abc", bulk)).Headers.Location);
        Assert.Single((await host.Get<IBulkOperations>().ListOperationsAsync()).Items);
        Assert.Single((await host.Get<IAudit>().AuditAsync(new AuditFilter { Act = AuditActs.Retry })).Items);
    }

    [Fact]
    public async Task Every_act_says_why_and_who()
    {
        await using var host = await Board.StartAsync();
        var id = await host.Shelf.ParkAsync();

        foreach (var reason in (string[])["", "  ", new string('x', 501)])
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(host, Person.Destroyer, $"discard?side=outbox&id={id}", ("reason", reason))).StatusCode);
        }

        Assert.Equal(HttpStatusCode.SeeOther, (await SendAsync(host, Person.Destroyer, $"discard?side=outbox&id={id}")).StatusCode);
        var entry = Assert.Single((await host.Get<IAudit>().AuditAsync(new AuditFilter())).Items);
        Assert.Equal(("dora", "dashboard", "because"), (entry.By.Name, entry.By.Via, entry.Reason));
    }

    [Fact]
    public async Task A_topic_is_paused_and_resumed()
    {
        await using var host = await Board.StartAsync();

        await SendAsync(host, Person.Operator, "pause", ("kind", "topic"), ("name", "orders"), ("minutes", "15"));
        var pause = Assert.Single(await host.Get<IPauses>().ListPausesAsync());
        Assert.InRange(pause.Remaining, TimeSpan.FromMinutes(13), TimeSpan.FromMinutes(15));
        Assert.Contains("topic orders", await host.Client(Person.Operator).GetStringAsync("outbox/pauses"));
        await SendAsync(host, Person.Operator, "resume?kind=topic&name=orders");

        Assert.Empty(await host.Get<IPauses>().ListPausesAsync());
    }

    [Fact]
    public async Task A_message_that_was_changed_meanwhile_is_not_edited()
    {
        await using var host = await Board.StartAsync(outbox: o => o.AllowEdit = true);
        var id = await host.Shelf.ParkAsync();
        var message = (await host.Get<IOutboxOperations>().GetAsync(id))!;

        using var stale = await SendAsync(host, Person.Destroyer, $"edit?side=outbox&id={id}", ("payload", "{}"), ("etag", "another"));
        Assert.Equal(HttpStatusCode.Conflict, stale.StatusCode);
        using var done = await SendAsync(host, Person.Destroyer, $"edit?side=outbox&id={id}", ("payload", "{\"orderId\":\"new\"}"), ("etag", message.ETag));
        Assert.EndsWith("did=edited", done.Headers.Location!.ToString());
    }

    private static Task<HttpResponseMessage> SendAsync(DashboardHost host, Person person, string act, params (string Name, string Value)[] fields)
    {
        var sent = fields.ToDictionary(field => field.Name, field => field.Value);
        sent.TryAdd("reason", "because");
        return host.Client(person).PostAsync($"outbox/{act}", new FormUrlEncodedContent(sent));
    }
}
