using System.Text;
using System.Text.Json;
using Outbox.Dashboard.Tests.Hosting;

namespace Outbox.Dashboard.Tests.Api;

public sealed class HostileTests
{
    private static readonly string[] Texts =
    [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "a/b/../c", "..", "%2F", "%00", "a\0b", "\u202e\u0007\u001b[2J", "'; db.dropDatabase(); //", "{\"$gt\":\"\"}", "$where", "a.b.$c",
        "\r\nSet-Cookie: x=y", "ünïcödé 漢字 🚚", ".*", "(a+)+$", new string('x', 900),
    ];

    [Fact]
    public async Task Whatever_a_message_is_called_it_is_found_and_told_as_data()
    {
        await using var host = await ApiHost.StartAsync();
        var dora = host.As(Person.Destroyer);
        var shelf = host.Shelf;
        foreach (var text in Texts)
        {
            var message = shelf.Consumed() with
            {
                MessageId = text,
                EntityId = text,
                EntityType = text,
                Type = text,
                Error = text,
                Key = Encoding.UTF8.GetBytes(text),
                Value = Encoding.UTF8.GetBytes(text),
                Headers = [new("note", Encoding.UTF8.GetBytes(text))],
            };
            var id = await shelf.ParkConsumedAsync(message);
            var query = Uri.EscapeDataString(text);

            var listed = await dora.GetAsync($"parked?entityId={query}&entityType={query}&type={query}");
            Assert.Equal(text, Assert.Single(listed.Items).GetProperty("entityId").GetString());
            Assert.Equal("application/json", listed.Content.ContentType!.MediaType);
            Assert.DoesNotContain("<script", listed.Text);
            var whole = (await dora.GetAsync($"parked/inbox/message?id={Uri.EscapeDataString(id)}")).Json;
            Assert.Equal(text, whole.GetProperty("content").GetProperty("payload").GetString());
            Assert.True((await dora.GetAsync($"explain?entityType={query}&entityId={query}")).Json.GetProperty("isFound").GetBoolean());
            Assert.Equal("inboxParked", Assert.Single((await dora.GetAsync($"trace?messageId={query}")).Items).GetProperty("place").GetString());
            if (!text.Contains('\0'))
            {
                Assert.Contains(id, (await dora.GetAsync($"parked?error={query}")).Items.Select(item => item.GetProperty("id").GetString()));
            }

            Assert.Equal("204", (await dora.PostAsync("parked/inbox/discard", new { id, reason = text.Length > 2 ? text : "because" })).Outcome);
        }

        Assert.Empty((await dora.GetAsync("parked")).Items);
        Assert.Equal(Texts.Length, (await dora.GetAsync("audit?act=discard")).Items.Count);
    }

    [Fact]
    public async Task Whatever_is_asked_for_nothing_breaks_and_nothing_is_found()
    {
        await using var host = await ApiHost.StartAsync();
        var dora = host.As(Person.Destroyer);
        foreach (var text in Texts)
        {
            var query = Uri.EscapeDataString(text);
            string[] lists =
            [
                $"parked?topic={query}", $"parked?errorGroup={query}", $"parked?endpoint={query}", $"discarded?entityId={query}", $"parked/groups?type={query}", $"audit?by={query}", $"audit?act={query}",
                $"audit?messageId={query}", $"audit?operationId={query}", $"audit?entityId={query}&entityType={query}", $"sequences?endpoint={query}", $"snapshots?endpoint={query}",
            ];
            foreach (var path in lists)
            {
                Assert.Empty((await dora.GetAsync(path)).Items);
            }

            foreach (var path in new[] { $"parked?cursor={query}", $"parked?cursor=inbox:{query}", $"audit?cursor={query}", $"operations?cursor={query}", $"sequences?cursor={query}" })
            {
                Assert.Equal((path, "400 invalidCursor"), (path, (await dora.GetAsync(path)).Outcome));
            }

            foreach (var path in new[] { $"parked/outbox/message?id={query}", $"parked/inbox/message?id={query}", $"parked/inbox/payload?id={query}", $"trace?messageId={query}", $"replay?endpoint={query}" })
            {
                Assert.Equal((path, "404 notFound"), (path, (await dora.GetAsync(path)).Outcome));
            }

            Assert.Equal("404 notFound", (await dora.PostAsync("parked/outbox/retry", new { id = text, reason = "x" })).Outcome);
            Assert.Equal("404 notFound", (await dora.PostAsync("sequences/release", new { endpoint = text, topic = text, entityType = text, entityId = text, reason = "x" })).Outcome);
            Assert.Equal("409 refused", (await dora.PutAsync("pauses", new { kind = "endpoint", name = text, reason = "x" })).Outcome);
        }
    }

    [Fact]
    public async Task A_name_that_is_markup_stands_in_the_audit_as_it_is()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.Shelf.ParkAsync();
        var name = "<b>eve</b> & \"co\"";

        Assert.Equal("204", (await host.As(new Person(name, "reader", "operator")).PostAsync("parked/outbox/retry", new { id, reason = "x" })).Outcome);
        var audit = await host.As(Person.Reader).GetAsync($"audit?by={Uri.EscapeDataString(name)}");

        Assert.Equal(name, Assert.Single(audit.Items).GetProperty("by").GetProperty("name").GetString());
        Assert.DoesNotContain("<b>", audit.Text);
    }
}
