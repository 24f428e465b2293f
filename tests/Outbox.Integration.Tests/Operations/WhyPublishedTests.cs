using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Publishing;
using Outbox.Integration.Tests.Delivery.Faults;
using Outbox.Integration.Tests.Servers;
using Outbox.Operations.Explaining;

namespace Outbox.Integration.Tests.Operations;

/// <summary>Why something is not published, as another process reads it in the database.</summary>
public sealed class WhyPublishedTests
{
    private readonly ScriptedPublisher _publisher = new();

    [Fact]
    public async Task A_topic_that_takes_nothing_is_named_with_the_brokers_reason_and_forgotten_when_it_does()
    {
        var closed = true;
        _publisher.Script = message => closed ? PublishResult.PlaceFailed(new Place(message.Topic), "Topic does not exist") : PublishResult.Published;
        await using var service = await TestService.StartAsync(o => o.Set(x => x.MaxRetryDelay = TimeSpan.FromMilliseconds(200)), _publisher.Attach);
        await using var asked = await Asked.OfAsync(service.DatabaseName);
        await service.PublishAsync("o1", 1, 2);

        var explanation = await asked.UntilAsync("o1", FindingCodes.PlaceClosed);
        var finding = explanation.Findings.Single(found => found.Code == FindingCodes.PlaceClosed);
        Assert.Equal($"Nothing gets through to topic {service.Topic}: Topic does not exist.", finding.Text);
        Assert.True(explanation.IsStuck);
        Assert.Equal(DateTimeOffset.UtcNow, finding.Since!.Value, TimeSpan.FromMinutes(1));
        Assert.Equal(2, explanation.Pending.Count);
        var second = await asked.Explain.ExplainAsync(explanation.Pending[1].MessageId);
        Assert.Contains(second.Findings, found => found.Code == FindingCodes.PlaceClosed);

        closed = false;
        await Eventually.DrainedAsync(service);
        await Eventually.TrueAsync(
            async () => (await service.Database.GetCollection<BsonDocument>("outbox.relays").Find(new BsonDocument()).SingleAsync()).GetValue("places", new BsonArray()).AsBsonArray.Count == 0, "it is forgotten");
    }

    [Fact]
    public async Task A_message_that_fails_and_is_tried_again_is_named_with_its_error()
    {
        _publisher.Script = message => message.EntityId == "bad" ? PublishResult.Failed("the broker is busy") : null;
        await using var service = await TestService.StartAsync(o => o.Set(x => x.MaxRetryDelay = TimeSpan.FromMilliseconds(500)), _publisher.Attach);
        await using var asked = await Asked.OfAsync(service.DatabaseName);
        await service.PublishAsync("bad", 1);

        var finding = (await asked.UntilAsync("bad", FindingCodes.Retrying)).Findings.Single(found => found.Code == FindingCodes.Retrying);

        Assert.Equal(FindingKind.Waits, finding.Kind);
        Assert.Contains("the broker is busy. It is tried again.", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_relay_that_was_killed_is_missed()
    {
        await using var service = await TestService.StartAsync(o => o.RelayEnabled = false);
        await using var asked = await Asked.OfAsync(service.DatabaseName);
        await service.PublishAsync("o1", 1);
        var killed = DateTime.UtcNow.AddMinutes(-5);
        await service.Database.GetCollection<BsonDocument>("outbox.relays").InsertOneAsync(new BsonDocument { { "_id", "host/1/a" }, { "seenAt", killed } });
        var leases = service.Database.GetCollection<BsonDocument>("outbox.leases");
        await leases.UpdateManyAsync(new BsonDocument(), Builders<BsonDocument>.Update.Set("owner", "host/1/a").Set("expiresAt", killed.AddSeconds(10)));

        var alone = Assert.Single((await asked.Explain.ExplainAsync("o1")).Findings);
        Assert.Equal((FindingCodes.NoRelay, FindingKind.Stuck), (alone.Code, alone.Kind));
        Assert.Equal(killed, alone.Since!.Value.UtcDateTime, TimeSpan.FromMilliseconds(1));

        await service.Database.GetCollection<BsonDocument>("outbox.relays").InsertOneAsync(new BsonDocument { { "_id", "host/2/b" }, { "seenAt", DateTime.UtcNow } });
        var other = Assert.Single((await asked.Explain.ExplainAsync("o1")).Findings);
        Assert.Equal(FindingCodes.LaneUnowned, other.Code);
        Assert.Contains("Relay host/1/a had it until", other.Text, StringComparison.Ordinal);

        await leases.UpdateManyAsync(new BsonDocument(), Builders<BsonDocument>.Update.Set("expiresAt", DateTime.UtcNow.AddMinutes(5)));
        Assert.Equal(FindingCodes.RelaySilent, Assert.Single((await asked.Explain.ExplainAsync("o1")).Findings).Code);
    }
}
