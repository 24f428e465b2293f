using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Leases;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Delivery;

/// <summary>A backlog as an hour without Kafka leaves it.</summary>
public sealed class BacklogTests
{
    private const int Entities = 1_000;
    private const int Versions = 100;

    [Fact]
    public async Task G4_a_backlog_of_a_hundred_thousand_messages_is_drained_by_two_relays_in_order_and_each_message_once()
    {
        // The embedded cluster keeps 5 MB of each partition.
        var place = await TestPlace.SharedAsync(partitions: 32);
        await using (var writer = await TestService.StartAsync(o => o.RelayEnabled = false, place: place))
        {
            await writer.PublishAsync("template", 1);
            await FillAsync(writer.Messages);
        }

        await using var first = await TestService.StartAsync(place: place);
        await using var second = await TestService.StartAsync(place: place);
        await Eventually.TrueAsync(async () => await first.Messages.EstimatedDocumentCountAsync() == 0, "the backlog is drained", seconds: 240);

        var log = await first.ReadTopicAsync();
        Delivered.AssertCompleteAndOrdered(log, Entities, Versions);
        Delivered.AssertNoDuplicates(log);
    }

    /// <summary>Writes every entity's versions in an order of their own.</summary>
    private static async Task FillAsync(IMongoCollection<BsonDocument> outbox)
    {
        var template = await outbox.FindOneAndDeleteAsync(FilterDefinition<BsonDocument>.Empty);
        var lanes = Enumerable.Range(0, Entities).Select(entity => Lane.Of($"o{entity}", new OutboxOptions().Lanes)).ToArray();
        var order = Enumerable.Range(0, Entities * Versions).ToArray();
        new Random(7).Shuffle(order);
        foreach (var chunk in order.Chunk(5_000))
        {
            await outbox.InsertManyAsync(chunk.Select(n => new BsonDocument(template)
            {
                ["_id"] = $"m{n}",
                ["lane"] = lanes[n % Entities],
                ["entityId"] = $"o{n % Entities}",
                ["version"] = (n / Entities) + 1L,
            }));
        }
    }
}
