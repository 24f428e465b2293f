using Outbox.Cluster.Tests.Brokers;
using Outbox.Cluster.Tests.Traffic;
using Outbox.Kafka;
using Outbox.RelayHost;

namespace Outbox.Cluster.Tests.Scenarios;

/// <summary>Rights that are taken and given, and passwords that are wrong.</summary>
public sealed class SecurityTests(ThreeBrokers brokers, ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly string[] Everything = ["--operation", "All", "--topic", "*", "--group", "*", "--transactional-id", "*", "--cluster"];

    [Fact]
    public async Task A_right_that_is_taken_and_given_back_parks_nothing()
    {
        await brokers.UseAsync();
        await brokers.GrantAsync(Everything);
        await using var fleet = await Fleet.StartAsync(brokers, output, secured: true, LogIn("app-secret"));
        await fleet.RunForAsync(TimeSpan.FromSeconds(2));
        var topics = fleet.Flows.Select(flow => flow.Settings.Topic).ToList();
        foreach (var topic in topics)
        {
            await brokers.DenyAsync("--operation", "Write", "--topic", topic);
        }

        await Eventually.TrueAsync(
            async () => (await fleet.Flows[0].HealthAsync()).Contains(topics[0], StringComparison.Ordinal), Limit, () => "health names the topic that is denied");
        await fleet.RunForAsync(TimeSpan.FromSeconds(5));
        foreach (var topic in topics)
        {
            await brokers.AllowAgainAsync("--operation", "Write", "--topic", topic);
        }

        await brokers.DenyAsync("--operation", "Read", "--group", Ledger.Group(Ledger.Single, topics[0]));
        await fleet.RunForAsync(TimeSpan.FromSeconds(15));
        await brokers.AllowAgainAsync("--operation", "Read", "--group", Ledger.Group(Ledger.Single, topics[0]));

        await fleet.SettleAsync(Limit);
    }

    [Fact]
    public async Task A_wrong_password_is_called_one()
    {
        await brokers.UseAsync();
        await using var mongo = await Embedded.MongoDb.MongoServer.StartAsync();
        var settings = new FlowSettings(mongo.ConnectionString, brokers.SecuredServers, $"accounts-{Guid.NewGuid():N}", Fencing.LeaseTime) { Kafka = LogIn("wrong") };
        await using var flow = await Flow.StartAsync(settings);
        await flow.WriteAsync(0, 1, TestContext.Current.CancellationToken);

        var health = "";
        await Eventually.TrueAsync(
            async () => (health = await flow.HealthAsync()).Contains("authentication", StringComparison.OrdinalIgnoreCase), Limit, () => $"health speaks of authentication: {health}");
        Assert.DoesNotContain("wrong", health, StringComparison.Ordinal);
    }

    private static Action<KafkaOptions> LogIn(string password) => k =>
    {
        k.Settings["security.protocol"] = "SASL_PLAINTEXT";
        k.Settings["sasl.mechanism"] = "PLAIN";
        k.Settings["sasl.username"] = "app";
        k.Settings["sasl.password"] = password;
    };
}
