using Confluent.Kafka;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox.Replaying;
using Outbox.Integration.Tests.Inbox;
using Outbox.Integration.Tests.Inbox.Replaying;
using Outbox.Integration.Tests.Servers;
using Outbox.Operations.Pausing;

namespace Outbox.Integration.Tests.Operations;

public sealed class PausedReplayTests
{
    [Fact]
    public async Task G15_a_replay_of_a_paused_endpoint_is_prepared_and_goes_on_when_that_does()
    {
        var place = await TestPlace.SharedAsync(partitions: 2);
        await using var service = await ReplayedInstance.StartAsync(place);
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = place.Kafka, EnableIdempotence = true }).Build();
        for (var order = 0; order < 4; order++)
        {
            await producer.ProduceAsync(place.Topic, Wire.Message($"o{order}-1", new OrderPlaced($"o{order}", 1)));
        }

        await service.RanAsync(4);
        var pauses = (IPauses)service.Services.GetService(typeof(IPauses))!;
        var book = (PauseBook)service.Services.GetService(typeof(PauseBook))!;
        var self = PauseTarget.Endpoint(service.Group);
        await pauses.PauseAsync(new PauseRequest(self, "x") { EvenIfUnknown = true });
        await Eventually.TrueAsync(() => Task.FromResult(book.Find(self) is not null), "the pause is seen");

        await service.Replays.StartAsync(service.Group, ReplayFrom.Beginning, "the consumer was wrong");
        await Eventually.TrueAsync(async () => await service.Replays.FindAsync(service.Group) is { Phase: ReplayPhase.Running }, "the replay is prepared");
        await LivesOnAsync(service);
        Assert.All(await service.CountAsync(), run => Assert.Equal((1, 0), run.Value));

        await pauses.ResumeAsync(self, "y");
        await service.DoneAsync();
        Assert.All(await service.CountAsync(), run => Assert.Equal((1, 1), run.Value));
    }

    /// <summary>The endpoint has shown twice that it lives, which it does every few seconds: it has had the time to process what it may.</summary>
    private static async Task LivesOnAsync(ReplayedInstance service)
    {
        var endpoints = service.Database.GetCollection<BsonDocument>("inbox.endpoints");
        for (var i = 0; i < 2; i++)
        {
            var before = await endpoints.Find(new BsonDocument("_id.endpoint", service.Group)).SingleAsync();
            await Eventually.TrueAsync(
                async () => (await endpoints.Find(new BsonDocument("_id", before["_id"])).SingleAsync())["seenAt"] > before["seenAt"], "the endpoint lives on");
        }
    }
}
