using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Integration.Tests.Servers;
using Outbox.Messages.Registration;
using Outbox.Versioning;

namespace Outbox.Integration.Tests.Inbox;

/// <summary>An entity is its type and its id: order 42 and customer 42 wait for each other in nothing.</summary>
public sealed class EntityTests
{
    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;

    [Fact]
    public async Task Entities_of_one_id_and_two_types_have_a_sequence_each()
    {
        await using var service = await InSequenceAsync();
        await service.ProduceAsync(Of("order", 1), Of("customer", 1), Of("customer", 2), Of("order", 2), Of("customer", 4));

        await service.HasAsync(service.Shipments, 4);
        await service.HasAsync(service.Parked, 1);
        Assert.Equal(("customer", 4L), await WaitingAsync(service));

        await service.ProduceAsync(Of("order", 3), Of("customer", 3));
        await service.HasAsync(service.Shipments, 7);
        await service.HasAsync(service.Parked, 0);
    }

    [Fact]
    public async Task A_message_that_fails_holds_no_entity_of_another_type()
    {
        await using var service = await ConsumingService.StartAsync(t => t.OnFailed = FailurePolicy.HoldEntity);
        service.Script.AfterWrite = (order, _) => order.Amount == 1 ? throw new InvalidOperationException("not this one") : Task.CompletedTask;
        await service.ProduceAsync(Of("customer", 1), Of("customer", 2), Of("order", 3));

        await service.HasAsync(service.Parked, 2);
        await service.HasAsync(service.Shipments, 1);
        Assert.Equal([3], service.Script.Amounts("42"));
    }

    [Fact]
    public async Task What_version_0_1_has_stored_of_a_sequence_goes_on()
    {
        await using var service = await InSequenceAsync();
        var endpoint = $"{ConsumingService.Endpoint}-{service.Topic}";
        await service.Database.GetCollection<BsonDocument>("inbox.sequences").InsertOneAsync(new BsonDocument
        {
            { "_id", new BsonDocument { { "endpoint", endpoint }, { "topic", service.Topic }, { "entityId", "42" } } },
            { "version", 3L }, { "waits", true }, { "ready", false }, { "meetings", 1L },
        });
        var waiting = Of("order", 5);
        await service.Parked.InsertOneAsync(new BsonDocument
        {
            { "endpoint", endpoint }, { "topic", service.Topic }, { "partition", 0 }, { "offset", 1_000L }, { "key", new BsonBinaryData("42"u8.ToArray()) },
            { "value", new BsonBinaryData(waiting.Value) }, { "headers", new BsonArray { new BsonDocument { { "name", "type" }, { "value", new BsonBinaryData("order-placed"u8.ToArray()) } } } },
            { "messageId", "order-5" }, { "entityId", "42" }, { "version", 5L }, { "type", "order-placed" }, { "reason", "gap" }, { "error", "early" }, { "attempts", 0 },
            { "parkedAt", DateTime.UtcNow }, { "inSequence", true }, { "deadline", DateTime.UtcNow.AddHours(1) },
        });

        await service.ProduceAsync(Of("order", 2), Of("order", 4));

        await service.HasAsync(service.Shipments, 2);
        Assert.Equal([4, 5], service.Script.Amounts("42"));
        await service.HasAsync(service.Parked, 0);
    }

    [Fact]
    public async Task A_person_names_the_type_where_entities_of_one_id_wait()
    {
        await using var service = await InSequenceAsync();
        await service.ProduceAsync(Of("order", 2), Of("customer", 3));
        await service.HasAsync(service.Parked, 2);
        var buffer = service.Services.GetRequiredService<IReorderBuffer>();
        var sequence = new Sequence($"{ConsumingService.Endpoint}-{service.Topic}", service.Topic, "42");

        var refused = await Assert.ThrowsAsync<OutboxException>(() => buffer.GiveUpAsync(sequence, GapPolicy.Apply, null, CancellationToken.None));
        Assert.Contains("Sequence.EntityType", refused.Message, StringComparison.Ordinal);
        Assert.Equal(3, await buffer.GiveUpAsync(sequence with { EntityType = "customer" }, GapPolicy.Apply, null, CancellationToken.None));
        await service.HasAsync(service.Shipments, 1);
        Assert.Equal([3], service.Script.Amounts("42"));
    }

    [Fact]
    public async Task Two_topics_of_a_group_may_have_equal_ids_and_what_version_0_1_has_recorded_is_known()
    {
        await using var service = await ConsumingService.StartAsync();
        var inbox = service.Services.GetRequiredService<IInbox>();
        await service.Inbox.InsertOneAsync(new BsonDocument
        {
            { "_id", new BsonDocument { { "endpoint", "e" }, { "messageId", "6" } } }, { "type", "x" }, { "outcome", "processed" }, { "processedAt", DateTime.UtcNow },
        });
        Task<InboxOutcome> ProcessAsync(string topic, string messageId) =>
            inbox.ExecuteAsync(new InboxRecord("e", messageId, "x") { Topic = topic }, (_, _) => Task.CompletedTask, CancellationToken.None);

        Assert.Equal(InboxOutcome.Processed, await ProcessAsync("a", "7"));
        Assert.Equal(InboxOutcome.Processed, await ProcessAsync("b", "7"));
        Assert.Equal(InboxOutcome.Duplicate, await ProcessAsync("a", "7"));
        Assert.Equal(InboxOutcome.Duplicate, await ProcessAsync("a", "6"));
    }

    private static Confluent.Kafka.Message<string, byte[]> Of(string entityType, int version) =>
        Wire.Message($"{entityType}-{version}", new OrderPlaced("42", version), version, entityType: entityType);

    private static Task<ConsumingService> InSequenceAsync() => ConsumingService.StartAsync(
        t => t.Ordering = MessageOrdering.Sequence, o => o.QueryDelay = TimeSpan.FromMilliseconds(100));

    private static async Task<(string Type, long Version)> WaitingAsync(ConsumingService service)
    {
        var parked = await service.Parked.Find(All).SingleAsync();
        return (parked["entityType"].AsString, parked["version"].ToInt64());
    }
}
