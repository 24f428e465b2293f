using System.Text.Json;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Answers;
using Outbox.Cli.Diagnosing;
using Outbox.Cli.Tests.Running;
using Outbox.Cli.Tests.Servers;

namespace Outbox.Cli.Tests.Diagnosing;

public sealed class DoctorTests
{
    [Fact]
    public async Task A_service_that_runs_has_all_it_needs_and_what_is_missing_is_named()
    {
        await using var shop = await Shop.StartAsync();
        await shop.PublishAsync("order-1", "fine", 1);
        await shop.HasAsync("outbox.sent");

        var healthy = Outcomes(await shop.RunAsync("doctor", "-o", "json"));
        await shop.Documents.GetCollection<BsonDocument>("inbox.parked").Indexes.DropOneAsync("waiting");
        var missing = await shop.RunAsync("doctor", "--check");

        Assert.Equal(("ok", "ok", "ok", "ok", "ok"), (healthy["indexes"], healthy["relay"], healthy["version"], healthy["clock"], healthy["topics"]));
        Assert.Equal(("warning", "warning"), (healthy["topology"], healthy["rights"]));
        Assert.Equal(ExitCode.Unhealthy, missing.Code);
        Assert.Contains("waiting of inbox.parked", missing.Out);
        Assert.Contains("""db.getCollection("inbox.parked").createIndex(""", missing.Out);
    }

    [Fact]
    public async Task A_topic_that_is_not_there_and_a_relay_that_does_not_run_are_wrong()
    {
        await using var shop = await Shop.StartAsync(relays: false, hasTopic: false);
        await shop.PublishAsync("order-1", "fine", 1);

        var run = await shop.RunAsync("doctor", "--check", "--output", "json");

        Assert.Equal(ExitCode.Unhealthy, run.Code);
        Assert.Equal(("wrong", "wrong"), (Outcomes(run)["topics"], Outcomes(run)["relay"]));
        Assert.Contains(shop.Topic, run.Out);
    }

    [Fact]
    public async Task Kafka_that_does_not_answer_is_a_finding_and_no_error()
    {
        var environment = new Dictionary<string, string>(await Installed.EnvironmentAsync()) { ["OUTBOX_KAFKA"] = "127.0.0.1:1" };

        var run = await CommandRun.OfAsync(environment, "doctor", "--timeout", "0.5", "-o", "json");

        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Equal("wrong", Outcomes(run)["kafka"]);
    }

    [Theory]
    [InlineData("""{ "authenticatedUsers": [], "authenticatedUserPrivileges": [] }""", Outcome.Warning, "Nobody has logged in")]
    [InlineData("""{ "authenticatedUsers": [1], "authenticatedUserPrivileges": [{ "resource": { "db": "orders", "collection": "" }, "actions": ["find", "listIndexes"] }] }""", Outcome.Ok, "may see. To act")]
    [InlineData("""{ "authenticatedUsers": [1], "authenticatedUserPrivileges": [{ "resource": { "db": "", "collection": "" }, "actions": ["find", "insert", "update", "remove"] }] }""", Outcome.Ok, "may see, and act")]
    [InlineData("""{ "authenticatedUsers": [1], "authenticatedUserPrivileges": [{ "resource": { "anyResource": true }, "actions": ["anyAction"] }] }""", Outcome.Ok, "may see, and act")]
    [InlineData("""{ "authenticatedUsers": [1], "authenticatedUserPrivileges": [{ "resource": { "db": "billing", "collection": "" }, "actions": ["find"] }, { "resource": { "cluster": true }, "actions": ["find"] }] }""", Outcome.Wrong, "may not read")]
    internal void Rights_are_those_on_the_services_database(string info, Outcome outcome, string said)
    {
        var judged = RightsCheck.Judge(BsonDocument.Parse(info), "orders", "outbox.parked");

        Assert.Equal(outcome, judged.Outcome);
        Assert.Contains(said, judged.Text);
    }

    private static Dictionary<string, string> Outcomes(CommandRun run) => JsonSerializer.Deserialize<List<Dictionary<string, string>>>(run.Out)!.ToDictionary(found => found["check"], found => found["outcome"]);
}
