using System.Text.Json;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Answers;
using Outbox.Cli.Tests.Running;
using Outbox.Cli.Tests.Servers;

namespace Outbox.Cli.Tests.Parking;

public sealed class ParkedTests
{
    [Fact]
    public async Task What_failed_is_seen_by_cause_given_up_restored_and_exported()
    {
        await using var shop = await Shop.StartAsync(consumes: true);
        await shop.PublishAsync("order-1", BillingConsumer.Poison, 1);
        await shop.PublishAsync("order-2", BillingConsumer.Poison, 1);
        await shop.HasAsync("inbox.parked", 2);

        var groups = Items(await shop.RunAsync("parked", "groups", "-o", "json"));
        var list = Items(await shop.RunAsync("parked", "list", "-o", "json"));
        var id = list[0].GetProperty("id").GetString()!;
        var shown = await shop.RunAsync("parked", "show", id, "-o", "json");
        var whole = await shop.RunAsync("parked", "show", id, "--payload", "-o", "json");
        var export = await shop.RunAsync("parked", "export");
        var discarded = await shop.RunAsync("parked", "discard", id, "--reason", "a test order");
        var gone = Items(await shop.RunAsync("parked", "list", "--discarded", "-o", "json"));
        var restored = await shop.RunAsync("parked", "restore", id, "--reason", "it was none");

        Assert.Equal(2, Assert.Single(groups).GetProperty("count").GetInt32());
        Assert.Equal("inbox", list[0].GetProperty("side").GetString());
        Assert.DoesNotContain(BillingConsumer.Poison, shown.Out);
        Assert.Contains(BillingConsumer.Poison, whole.Out);
        Assert.Equal(2, export.Out.Trim().Split('\n').Length);
        Assert.Equal((ExitCode.Done, ExitCode.Done), (discarded.Code, restored.Code));
        Assert.Equal("a test order", Assert.Single(gone).GetProperty("discardReason").GetString());
        Assert.Equal(2, Items(await shop.RunAsync("parked", "list", "-o", "json")).Count);
    }

    [Fact]
    public async Task Many_are_retried_only_with_yes_and_as_one_operation()
    {
        await using var shop = await Shop.StartAsync(consumes: true);
        await shop.PublishAsync("order-1", BillingConsumer.Poison, 1);
        await shop.PublishAsync("order-2", BillingConsumer.Poison, 1);
        await shop.HasAsync("inbox.parked", 2);

        var rehearsed = await shop.RunAsync("parked", "retry", "--side", "inbox", "--all", "--reason", "billing is up again");
        var before = Items(await shop.RunAsync("operations", "list", "-o", "json"));
        var retried = await shop.RunAsync("parked", "retry", "--side", "inbox", "--all", "--reason", "billing is up again", "--yes", "-o", "json");
        Assert.True(retried.Code == ExitCode.Done, retried.ToString());
        var operation = JsonDocument.Parse(retried.Out).RootElement;
        var show = await shop.RunAsync("operations", "show", operation.GetProperty("id").GetString()!, "-o", "json");
        var cancelled = await shop.RunAsync("operations", "cancel", operation.GetProperty("id").GetString()!, "--reason", "too late");

        Assert.Equal(ExitCode.Done, rehearsed.Code);
        Assert.Contains("2 messages would be tried again. Nothing was done: add --yes.", rehearsed.Error);
        Assert.Empty(before);
        Assert.Equal((2, 2, "done"), (operation.GetProperty("total").GetInt32(), operation.GetProperty("done").GetInt32(), operation.GetProperty("state").GetString()));
        Assert.Contains("\"state\": \"done\"", show.Out);
        Assert.Equal(ExitCode.Refused, cancelled.Code);
    }

    [Fact]
    public async Task A_list_of_both_sides_is_read_page_by_page_each_message_once()
    {
        await using var shop = await Shop.StartAsync(relays: false, consumes: true);
        await shop.PublishAsync("order-1", "fine", 1, 2, 3);
        await shop.ParkAllAsync("The brokers refuse it.");

        var (ids, cursor) = (new List<string>(), (string?)null);
        do
        {
            var page = JsonDocument.Parse((await shop.RunAsync(["parked", "list", "-o", "json", "--limit", "2", .. cursor is null ? Array.Empty<string>() : ["--cursor", cursor]])).Out).RootElement;
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal(3, ids.Count);
        Assert.Equal(ExitCode.Usage, (await shop.RunAsync("parked", "list", "--cursor", "outbox:nonsense")).Code);
        Assert.Equal(ExitCode.Usage, (await shop.RunAsync("parked", "list", "--cursor", "nonsense")).Code);
        Assert.Equal(ExitCode.Usage, (await shop.RunAsync("parked", "list", "--side", "inbox", "--cursor", "outbox:x")).Code);
    }

    [Fact]
    public async Task A_payload_is_edited_only_where_it_is_allowed_and_only_as_it_was_looked_at()
    {
        await using var shop = await Shop.StartAsync(relays: false);
        await shop.PublishAsync("order-1", "fine", 1);
        await shop.ParkAllAsync("The brokers refuse it.");
        var shown = JsonDocument.Parse((await shop.RunAsync("parked", "show", (await IdsAsync(shop))[0], "-o", "json")).Out).RootElement;
        var (id, etag) = (shown.GetProperty("id").GetString()!, shown.GetProperty("eTag").GetString()!);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{ "orderId": "order-1", "text": "better" }""");
        var allowed = new Dictionary<string, string>(shop.Environment) { ["OUTBOX_ALLOW_EDIT"] = "1" };

        var refused = await shop.RunAsync("parked", "edit", id, "--payload-file", file, "--etag", etag, "--reason", "a typo");
        var stale = await CommandRun.OfAsync(allowed, "parked", "edit", id, "--payload-file", file, "--etag", "old", "--reason", "a typo");
        var edited = await CommandRun.OfAsync(allowed, "parked", "edit", id, "--payload-file", file, "--etag", etag, "--reason", "a typo");
        File.Delete(file);

        Assert.Equal((ExitCode.Refused, ExitCode.Refused, ExitCode.Done), (refused.Code, stale.Code, edited.Code));
        Assert.Contains("better", (await shop.Documents.GetCollection<BsonDocument>("outbox").Find(new BsonDocument("_id", id)).SingleAsync())["payload"].ToString());
    }

    [Fact]
    public async Task What_is_to_be_redacted_is_shown_nowhere_and_edited_only_by_whoever_says_that_he_knows_it()
    {
        await using var shop = await Shop.StartAsync(relays: false);
        await shop.PublishAsync("order-1", "s3cret", 1);
        await shop.ParkAllAsync("The brokers refuse it.");
        var environment = new Dictionary<string, string>(shop.Environment) { ["OUTBOX_ALLOW_EDIT"] = "1", ["OUTBOX_REDACT"] = "card, TEXT" };
        var id = (await IdsAsync(shop))[0];

        var shown = await CommandRun.OfAsync(environment, "parked", "show", id, "--payload", "-o", "json");
        var table = await shop.RunAsync("parked", "show", id, "--payload", "--redact", "text");
        var exported = await CommandRun.OfAsync(environment, "parked", "export");
        var etag = JsonDocument.Parse(shown.Out).RootElement.GetProperty("eTag").GetString()!;
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{ "orderId": "order-1", "text": "better" }""");
        string[] edit = ["parked", "edit", id, "--payload-file", file, "--etag", etag, "--reason", "a typo"];
        var refused = await CommandRun.OfAsync(environment, edit);
        var edited = await CommandRun.OfAsync(environment, [.. edit, "--unmasked"]);
        File.Delete(file);

        Assert.All([shown, table, exported], run => Assert.True(run.Code == ExitCode.Done && !run.Out.Contains("s3cret", StringComparison.Ordinal) && run.Out.Contains("***", StringComparison.Ordinal), run.ToString()));
        Assert.DoesNotContain("s3cret", (await shop.RunAsync("audit", "-o", "json")).Out);
        Assert.Contains("s3cret", (await shop.Documents.GetCollection<BsonDocument>("outbox.audit").Find(new BsonDocument("act", "edit")).SingleAsync())["original"].AsString);
        Assert.Equal((ExitCode.Refused, ExitCode.Done), (refused.Code, edited.Code));
        Assert.Contains("--unmasked", (await shop.RunAsync("audit", "--act", "edit", "-o", "json")).Out);
    }

    [Fact]
    public async Task Many_are_restored_only_with_yes()
    {
        await using var shop = await Shop.StartAsync(relays: false);
        await shop.PublishAsync("order-1", "fine", 1, 2);
        await shop.ParkAllAsync("The brokers refuse it.");
        await shop.RunAsync("parked", "discard", "--side", "outbox", "--all", "--reason", "a test", "--yes");

        var rehearsed = await shop.RunAsync("parked", "restore", "--side", "outbox", "--entity", "order-1", "--reason", "it was none");
        var before = Items(await shop.RunAsync("parked", "list", "-o", "json"));
        var restored = await shop.RunAsync("parked", "restore", "--side", "outbox", "--entity", "order-1", "--reason", "it was none", "--yes", "-o", "json");

        Assert.Contains("2 messages would be parked again. Nothing was done: add --yes.", rehearsed.Error);
        Assert.Empty(before);
        Assert.Equal((2, "restore"), (JsonDocument.Parse(restored.Out).RootElement.GetProperty("done").GetInt32(), JsonDocument.Parse(restored.Out).RootElement.GetProperty("action").GetString()));
        Assert.Equal(2, Items(await shop.RunAsync("parked", "list", "-o", "json")).Count);
    }

    public static TheoryData<string, int> Mistakes => new()
    {
        { "parked show nothing", 3 }, { "parked show @nothing", 3 }, { "parked show -- --yes", 3 }, { "parked retry nothing --reason x", 3 }, { "parked restore nothing --reason x", 3 }, { "operations show nothing", 3 }, { "operations cancel nothing --reason x", 3 },
        { "operations run nothing", 3 }, { "parked retry nothing", 2 }, { "parked retry --reason x", 2 }, { "parked retry --side outbox --reason x", 2 }, { "parked retry x --all --reason x", 2 },
        { "parked list --side outbox --endpoint billing", 2 }, { "parked list --parked-as nonsense", 2 }, { "parked list --limit 5000", 2 }, { "parked list --from soon", 2 },
        { "parked retry --side outbox --all --limit 0 --reason x --yes", 2 }, { "replay show nobody", 3 }, { "replay start nobody --from beginning --reason x --yes", 4 }, { "lag --endpoint nobody --kafka 127.0.0.1:1", 3 },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task What_cannot_be_done_ends_with_its_code_and_one_sentence(string line, int code)
    {
        var run = await CommandRun.OfAsync(await Installed.EnvironmentAsync(), line.Split(' '));

        Assert.Equal((ExitCode)code, run.Code);
        Assert.NotEqual("", run.Error.Trim());
        Assert.DoesNotContain("   at ", run.Error);
        Assert.Equal("", run.Out);
    }

    private static async Task<List<string>> IdsAsync(Shop shop) => Items(await shop.RunAsync("parked", "list", "-o", "json")).ConvertAll(item => item.GetProperty("id").GetString()!);

    private static List<JsonElement> Items(CommandRun run)
    {
        var root = JsonDocument.Parse(run.Out).RootElement;
        return [.. (root.ValueKind == JsonValueKind.Array ? root : root.GetProperty("items")).EnumerateArray()];
    }
}
