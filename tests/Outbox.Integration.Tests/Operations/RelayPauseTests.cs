using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Publishing;
using Outbox.Integration.Tests.Delivery.Faults;
using Outbox.Integration.Tests.Servers;
using Outbox.Messages;
using Outbox.Operations;
using Outbox.Operations.Pausing;

namespace Outbox.Integration.Tests.Operations;

/// <summary>Pauses of a running relay.</summary>
public sealed class RelayPauseTests
{
    private readonly ScriptedPublisher _publisher = new();
    private readonly List<OutboxMessage> _sent = [];

    public RelayPauseTests() => _publisher.Script = message =>
    {
        lock (_sent)
        {
            _sent.Add(message);
        }

        return PublishResult.Published;
    };

    [Fact]
    public async Task G9_a_paused_relay_publishes_nothing_after_a_restart_either_and_all_of_it_in_order_when_it_is_resumed()
    {
        var first = await StartAsync();
        await using (first)
        {
            await PauseAsync(first, new PauseRequest(PauseTarget.Relay, "Kafka is moved.") { By = Actor.Claimed("ann") });
            await first.PublishAsync("o1", 1, 2);
            await LivesOnAsync(first);
            Assert.Empty(_sent);
            var health = (await first.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["outbox"];
            Assert.Equal(HealthStatus.Degraded, health.Status);
            Assert.Matches("The relay is paused by ann \\(claimed\\) until .*: Kafka is moved\\.", health.Description);
        }

        await using var second = await StartAsync(first);
        await second.PublishAsync("o1", 3);
        await LivesOnAsync(second);
        Assert.Empty(_sent);

        Assert.True(await second.Services.GetRequiredService<IPauses>().ResumeAsync(PauseTarget.Relay, "done"));
        await Eventually.DrainedAsync(second);
        Assert.Equal([1L, 2L, 3L], _sent.Select(message => message.Version));
    }

    [Fact]
    public async Task A_pause_ends_by_itself()
    {
        await using var service = await StartAsync();
        await PauseAsync(service, new PauseRequest(PauseTarget.Relay, "for a moment") { For = TimeSpan.FromSeconds(15) });
        await service.PublishAsync("o1", 1);

        await Eventually.DrainedAsync(service);

        Assert.Empty(await service.Services.GetRequiredService<IPauses>().ListPausesAsync());
    }

    [Fact]
    public async Task G4_a_paused_topic_waits_with_what_is_behind_it_and_others_go_on()
    {
        await using var service = await StartAsync();
        await PauseAsync(service, new PauseRequest(PauseTarget.Topic("customers"), "the consumers are broken"));
        await PublishAsync(service, "c1", 1);
        await service.PublishAsync("c1", 2);
        await service.PublishAsync("o1", 1);

        await Eventually.TrueAsync(() => Task.FromResult(Sent("o1") is [1]), "what goes elsewhere is published");
        await LivesOnAsync(service);
        Assert.Single(_sent);

        Assert.True(await service.Services.GetRequiredService<IPauses>().ResumeAsync(PauseTarget.Topic("customers"), "done"));
        await Eventually.DrainedAsync(service);
        Assert.Equal([1L, 2L], Sent("c1"));
    }

    private Task<TestService> StartAsync(TestService? sibling = null) => TestService.StartAsync(
        o =>
        {
            o.LeaseDuration = TimeSpan.FromSeconds(2);
            o.Topic("customers", t =>
            {
                t.EntityType = "order";
                t.Message<CustomerMoved>();
            });
        },
        services =>
        {
            _publisher.Attach(services);
            services.AddHealthChecks().AddOutbox();
        },
        sibling);

    private List<long> Sent(string entity)
    {
        lock (_sent)
        {
            return [.. _sent.Where(message => message.EntityId == entity).Select(message => message.Version)];
        }
    }

    private static Task PublishAsync(TestService service, string entity, long version) => service.Outbox.ExecuteAsync((tx, _) =>
    {
        tx.Publish(new CustomerMoved(entity), entity, version);
        return Task.CompletedTask;
    });

    private static async Task PauseAsync(TestService service, PauseRequest request)
    {
        await service.Services.GetRequiredService<IPauses>().PauseAsync(request);
        await Eventually.TrueAsync(() => Task.FromResult(service.Services.GetRequiredService<PauseBook>().Find(request.Target) is not null), "the pause is seen");
    }

    /// <summary>The relay renews its leases, so that it has had the time for many sweeps.</summary>
    private static async Task LivesOnAsync(TestService service)
    {
        var leases = service.Database.GetCollection<BsonDocument>("outbox.leases");
        for (var i = 0; i < 3; i++)
        {
            var before = await leases.Find(new BsonDocument()).FirstAsync();
            await Eventually.TrueAsync(
                async () => await leases.Find(new BsonDocument("_id", before["_id"])).SingleAsync() is var now && now["expiresAt"] > before["expiresAt"] && now["expiresAt"] > DateTime.UtcNow, "the leases are renewed");
        }
    }
}
