using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Dashboard.Tests.Hosting;
using Outbox.Inbox;

namespace Outbox.Dashboard.Tests.Api;

public sealed class ParkedTests
{
    [Fact]
    public async Task Both_sides_are_one_list_read_page_by_page_each_message_once()
    {
        await using var host = await ApiHost.StartAsync();
        for (var n = 1; n <= 3; n++)
        {
            await host.Shelf.ParkAsync($"order-{n}");
        }

        var shelf = host.Shelf;
        for (var n = 4; n <= 5; n++)
        {
            await shelf.ParkConsumedAsync(shelf.Consumed($"order-{n}"));
        }

        var reader = host.As(Person.Reader);
        var (ids, cursor) = (new List<string>(), (string?)null);
        do
        {
            var page = await reader.GetAsync("parked?size=2" + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}"));
            Assert.InRange(page.Items.Count, 1, 2);
            ids.AddRange(page.Items.Select(item => item.GetProperty("entityId").GetString()!));
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(["order-1", "order-2", "order-3", "order-4", "order-5"], ids);
        Assert.Equal(2, (await reader.GetAsync("parked?endpoint=billing")).Items.Count);
        Assert.Equal(3, (await reader.GetAsync("parked?side=outbox")).Items.Count);
        Assert.Empty((await reader.GetAsync("parked?reason=gap")).Items);
        Assert.Empty((await reader.GetAsync("parked?parkedBefore=2026-01-01T00:00:00Z")).Items);
        Assert.Equal("order-4", Assert.Single((await reader.GetAsync("parked?side=inbox&entityId=order-4")).Items).GetProperty("entityId").GetString());
        Assert.Equal("400 invalidCursor", (await reader.GetAsync($"parked?side=inbox&cursor={Uri.EscapeDataString((await reader.GetAsync("parked?size=1")).Next!)}")).Outcome);
        Assert.Equal("400 invalidCursor", (await reader.GetAsync("parked?cursor=outbox:nonsense")).Outcome);
    }

    [Fact]
    public async Task The_causes_are_counted_on_both_sides()
    {
        await using var host = await ApiHost.StartAsync();
        await host.Shelf.ParkAsync("order-1");
        await host.Shelf.ParkAsync("order-2");
        await host.Shelf.ParkConsumedAsync(host.Shelf.Consumed());

        var groups = (await host.As(Person.Reader).GetAsync("parked/groups")).Items;

        Assert.Equal([("outbox", 2), ("inbox", 1)], groups.Select(group => (group.GetProperty("side").GetString()!, group.GetProperty("count").GetInt32())));
        var group = groups[0].GetProperty("errorGroup").GetString()!;
        Assert.Equal(2, (await host.As(Person.Reader).GetAsync($"parked?side=outbox&errorGroup={group}")).Items.Count);
    }

    [Theory]
    [InlineData("outbox")]
    [InlineData("inbox")]
    public async Task What_is_in_a_message_is_masked_unless_one_may_see_it_and_redacted_then(string side)
    {
        await using var host = await ApiHost.StartAsync(o =>
        {
            o.Redact.Add("orderId");
            o.Redact.Add("note");
        });
        var id = side == "outbox" ? await host.Shelf.ParkAsync(text: "a secret") : await host.Shelf.ParkConsumedAsync(host.Shelf.Consumed(text: "a secret"));

        var masked = await host.As(Person.Reader).GetAsync($"parked/{side}/message?id={id}");
        var seen = await host.As(Person.Inspector).GetAsync($"parked/{side}/message?id={id}");
        var download = await host.As(Person.Inspector).GetAsync($"parked/{side}/payload?id={id}");

        Assert.True(masked.Json.GetProperty("isMasked").GetBoolean());
        Assert.DoesNotContain("a secret", masked.Text);
        Assert.False(masked.Json.TryGetProperty("content", out _));
        Assert.Equal("403 notPermitted", (await host.As(Person.Reader).GetAsync($"parked/{side}/payload?id={id}")).Outcome);
        var payload = JsonDocument.Parse(seen.Json.GetProperty("content").GetProperty("payload").GetString()!).RootElement;
        Assert.Equal(("***", "a secret"), (payload.GetProperty("orderId").GetString(), payload.GetProperty("text").GetString()));
        Assert.True(seen.Json.GetProperty("content").GetProperty("isRedacted").GetBoolean());
        Assert.Equal(("application/octet-stream", "attachment"), (download.Content.ContentType!.MediaType, download.Content.ContentDisposition!.DispositionType));
        Assert.Contains("***", download.Text);
        if (side == "inbox")
        {
            Assert.Equal("***", seen.Json.GetProperty("content").GetProperty("headers").EnumerateArray().Single(header => header.GetProperty("name").GetString() == "note").GetProperty("value").GetString());
        }
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_downloaded_as_they_are()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.Shelf.ParkConsumedAsync(host.Shelf.Consumed() with { Value = [0xFF, 0x00, 0xFE], Reason = ParkReason.Unreadable, Headers = [new("raw", [0xC3, 0x28])] });

        var seen = await host.As(Person.Inspector).GetAsync($"parked/inbox/message?id={id}");

        Assert.Equal([0xFF, 0x00, 0xFE], (await host.As(Person.Inspector).GetAsync($"parked/inbox/payload?id={id}")).Bytes);
        Assert.Equal("base64:/wD+", seen.Json.GetProperty("content").GetProperty("payload").GetString());
        Assert.Equal("unreadable", seen.Json.GetProperty("message").GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("outbox")]
    [InlineData("inbox")]
    public async Task One_is_given_up_restored_and_tried_again_by_whom_the_audit_names(string side)
    {
        await using var host = await ApiHost.StartAsync();
        var id = side == "outbox" ? await host.Shelf.ParkAsync() : await host.Shelf.ParkConsumedAsync(host.Shelf.Consumed());
        var dora = host.As(Person.Destroyer);

        Assert.Equal("204", (await dora.PostAsync($"parked/{side}/discard", new { id, reason = "a test order" })).Outcome);
        Assert.Equal("404 notFound", (await dora.PostAsync($"parked/{side}/retry", new { id, reason = "too late" })).Outcome);
        var discarded = Assert.Single((await dora.GetAsync("discarded")).Items).GetProperty("discarded");
        Assert.Equal("204", (await dora.PostAsync($"parked/{side}/restore", new { id, reason = "it was none" })).Outcome);
        Assert.Equal("204", (await dora.PostAsync($"parked/{side}/retry", new { id, reason = "it is up again" })).Outcome);

        Assert.Equal(("a test order", "dora", "authenticated", "HTTP API"), (discarded.GetProperty("reason").GetString(), By(discarded, "name"), By(discarded, "kind"), By(discarded, "via")));
        Assert.Equal(["retry", "restore", "discard"], (await dora.GetAsync("audit?by=dora")).Items.Select(entry => entry.GetProperty("act").GetString()!));
        Assert.Equal("a test order", Assert.Single((await dora.GetAsync("audit?act=discard&size=1")).Items).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task What_queues_behind_another_is_not_tried_alone()
    {
        await using var host = await ApiHost.StartAsync();
        var shelf = host.Shelf;
        await shelf.ParkConsumedAsync(shelf.Consumed(version: 1) with { Hold = true });
        var held = await shelf.ParkConsumedAsync(shelf.Consumed(version: 2, reason: ParkReason.Held) with { Hold = true });

        Assert.Equal("409 refused", (await host.As(Person.Operator).PostAsync("parked/inbox/retry", new { id = held, reason = "now" })).Outcome);
    }

    [Theory]
    [InlineData("outbox")]
    [InlineData("inbox")]
    public async Task A_payload_is_edited_only_as_it_was_looked_at_and_its_original_is_masked_in_the_audit(string side)
    {
        await using var host = await ApiHost.StartAsync(o => o.AllowEdit = true);
        var id = side == "outbox" ? await host.Shelf.ParkAsync(text: "a secret") : await host.Shelf.ParkConsumedAsync(host.Shelf.Consumed(text: "a secret"));
        var dora = host.As(Person.Destroyer);
        var etag = (await dora.GetAsync($"parked/{side}/message?id={id}")).Headers.ETag!.ToString();
        var body = new { payload = new { orderId = "order-1", text = "better" }, reason = "a typo" };
        var path = $"parked/{side}/payload?id={id}";

        Assert.Equal("428 preconditionRequired", (await dora.PutAsync(path, body)).Outcome);
        Assert.Equal("428 preconditionRequired", (await dora.PutAsync(path, body, "*")).Outcome);
        Assert.Equal("428 preconditionRequired", (await dora.PutAsync(path, body, "W/" + etag)).Outcome);
        Assert.Equal("412 changed", (await dora.PutAsync(path, body, "\"old\"")).Outcome);
        Assert.Equal("404 notFound", (await dora.PutAsync($"parked/{side}/payload?id=nobody", body, etag)).Outcome);
        Assert.Equal("204", (await dora.PutAsync(path, body, etag)).Outcome);

        var masked = Assert.Single((await host.As(Person.Reader).GetAsync("audit?act=edit")).Items);
        var seen = Assert.Single((await dora.GetAsync("audit?act=edit")).Items);
        Assert.True(masked.GetProperty("isMasked").GetBoolean());
        Assert.DoesNotContain("a secret", masked.ToString());
        Assert.Contains("a secret", seen.GetProperty("original").GetString());
    }

    [Fact]
    public async Task Where_nobody_may_edit_it_is_refused()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.Shelf.ParkAsync();
        var dora = host.As(Person.Destroyer);
        var etag = (await dora.GetAsync($"parked/outbox/message?id={id}")).Headers.ETag!.ToString();

        var answer = await dora.PutAsync($"parked/outbox/payload?id={id}", new { payload = new { }, reason = "a typo" }, etag);

        Assert.Equal("409 refused", answer.Outcome);
        Assert.Contains("Outbox:AllowEdit", answer.Detail);
    }

    private static string? By(JsonElement note, string part) => note.GetProperty("by").GetProperty(part).GetString();
}
