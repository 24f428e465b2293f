using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Inbox;

/// <summary>A right that the consuming side lacks.</summary>
public sealed class MissingRightTests
{
    /// <summary>Longer than the time after which a right counts as granted that nobody refuses any more: the client asks every 5 seconds.</summary>
    private static readonly TimeSpan Several = TimeSpan.FromSeconds(12);

    [Fact]
    public Task G5_a_missing_right_is_named_in_health_and_logged_once_and_consumption_goes_on_when_it_is_granted() => Task.WhenAll(
        GrantedLaterAsync(ResourceType.Topic, "needs the rights Read and Describe"),
        GrantedLaterAsync(ResourceType.Group, "needs the right Read on it"));

    private static async Task GrantedLaterAsync(ResourceType type, string named)
    {
        var servers = Environment.GetEnvironmentVariable("OUTBOX_TEST_KAFKA_ACLS");
        Assert.SkipWhen(string.IsNullOrEmpty(servers), "Set OUTBOX_TEST_KAFKA_ACLS to the SASL listener and the open listener of a Kafka with ACLs (see CONTRIBUTING.md).");
        var (sasl, open) = (servers.Split(';')[0], servers.Split(';')[1]);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = open }).Build();
        var lines = new LogLines();
        await using var service = await ConsumingService.StartAsync(outbox: o =>
        {
            o.UseKafka(k =>
            {
                k.BootstrapServers = sasl;
                k.Settings["security.protocol"] = "sasl_plaintext";
                k.Settings["sasl.mechanism"] = "PLAIN";
                k.Settings["sasl.username"] = "app";
                k.Settings["sasl.password"] = "app-secret";
            });
            o.Services.AddHealthChecks().AddOutboxInbox();
            lines.Attach(o.Services);
        });
        var (topic, group) = (Right(ResourceType.Topic, service.TopicName), Right(ResourceType.Group, $"{ConsumingService.Endpoint}-{service.Topic}"));
        var missing = type == ResourceType.Topic ? topic : group;
        await admin.CreateAclsAsync([type == ResourceType.Topic ? group : topic]);
        await service.ProduceAsync(("m1", new OrderPlaced("o1", 1)));

        await Eventually.TrueAsync(async () => await HealthAsync(service) is var health && health.Contains(named, StringComparison.Ordinal)
            && health.Contains($"'{missing.Pattern.Name}'", StringComparison.Ordinal), "health names the right");
        // The client is refused again and again, of which nobody is told.
        await Task.Delay(Several, TestContext.Current.CancellationToken);
        Assert.Empty(lines.Of(354));
        Assert.Contains(named, await HealthAsync(service), StringComparison.Ordinal);
        await admin.CreateAclsAsync([missing]);

        await service.HasAsync(service.Inbox, 1);
        await Eventually.TrueAsync(() => Task.FromResult(lines.Of(354).Count > 0), "the log says that it consumes again");
        Assert.Contains(missing.Pattern.Name, Assert.Single(lines.Of(353), line => line.Contains(named, StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Single(lines.Of(354));
        await Eventually.TrueAsync(async () => await HealthAsync(service) == "", "health is silent");
    }

    private static AclBinding Right(ResourceType type, string name) => new()
    {
        Pattern = new ResourcePattern { Type = type, Name = name, ResourcePatternType = ResourcePatternType.Literal },
        Entry = new AccessControlEntry { Principal = "User:app", Host = "*", Operation = AclOperation.Read, PermissionType = AclPermissionType.Allow },
    };

    /// <summary>What the check says when it is not content.</summary>
    private static async Task<string> HealthAsync(ConsumingService service) =>
        (await service.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["outbox-inbox"] is { Status: not HealthStatus.Healthy } result ? result.Description ?? "" : "";
}
