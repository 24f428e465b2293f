using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Events;
using Outbox.Delivery;
using Outbox.Integration.Tests.Servers;
using Outbox.MongoDb.Delivery.Reading;

namespace Outbox.Integration.Tests.Delivery.Parking;

/// <summary>More entities that wait for a person than a relay keeps in mind.</summary>
public sealed class HeldEntityTests
{
    private const int Many = HeldMessages.Most + 200;

    [Fact]
    public async Task G4_an_entity_waits_for_a_person_however_many_others_do()
    {
        await using var service = await TestService.StartAsync(o => o.RelayEnabled = false);
        await HoldAsync(service);
        await PublishAsync(service, version: 2);
        await using var relay = await TestService.StartAsync(sibling: service);
        await service.PublishAsync("free", 1);

        await Eventually.TrueAsync(async () => (await service.ReadTopicAsync()).Count > 0, "another entity's message is published");
        await service.PublishAsync("zzz", 1);
        await Eventually.TrueAsync(async () => (await service.ReadTopicAsync()).Any(record => record.Message.Key == "zzz"), "the last entity's message is published");

        await Eventually.TrueAsync(async () => await service.Messages.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty) == Many, "only what waits for a person is left");
        Assert.Equal(["free", "zzz"], (await service.ReadTopicAsync()).Select(record => record.Message.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task G9_a_relay_keeps_no_more_held_entities_in_mind_than_the_limit_and_sends_no_more_to_the_server()
    {
        var filters = new List<BsonDocument>();
        await using var service = await TestService.StartAsync(o => o.RelayEnabled = false, services => services.AddOwnClient(provider =>
        {
            var settings = MongoClientSettings.FromConnectionString(provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<MongoDb.MongoDbOptions>>().Value.Connection);
            settings.ClusterConfigurator = cluster => cluster.Subscribe<CommandStartedEvent>(command => Note(filters, command));
            return settings;
        }));
        await HoldAsync(service);
        await PublishAsync(service, version: 2);
        var reader = service.Services.GetRequiredService<IOutboxReader>();

        var held = await reader.ReadHeldEntitiesAsync([.. Enumerable.Range(0, 8)], CancellationToken.None);
        var read = await reader.SweepAsync(new SweepRequest([.. Enumerable.Range(0, 8)], 100, held, DateTimeOffset.UtcNow), CancellationToken.None)
            .SelectMany(page => page).ToListAsync();

        Assert.Equal(HeldMessages.Most, held.Count);
        Assert.Empty(read);
        Assert.InRange(filters.Max(filter => filter["$or"][0]["entityId"]["$nin"].AsBsonArray.Count), 1, HeldMessages.Most);
    }

    [Fact]
    public async Task G4_a_message_that_is_retried_after_a_page_was_read_is_not_overtaken_by_the_next_of_its_entity()
    {
        var retries = new RetryAfterPage();
        await using var service = await TestService.StartAsync(o => o.RelayEnabled = false, services => services.AddOwnClient(retries.Settings));
        await HoldAsync(service);
        await PublishAsync(service, version: 2);
        var reader = service.Services.GetRequiredService<IOutboxReader>();
        var known = (await reader.ReadHeldEntitiesAsync([.. Enumerable.Range(0, 8)], CancellationToken.None)).ToHashSet();
        var beyond = (await service.Operations.ListParkedAsync(Many)).First(parked => !known.Contains(parked.Message.Entity)).Message;
        retries.Retry = () => service.Operations.RetryAsync(beyond.MessageId, "the topic is there now").GetAwaiter().GetResult();

        var read = await reader.SweepAsync(new SweepRequest([.. Enumerable.Range(0, 8)], Many, known, DateTimeOffset.UtcNow), CancellationToken.None)
            .SelectMany(page => page).ToListAsync();
        Assert.True(retries.Done);
        Assert.Empty(read);

        read = await reader.SweepAsync(new SweepRequest([.. Enumerable.Range(0, 8)], Many, known, DateTimeOffset.UtcNow), CancellationToken.None)
            .SelectMany(page => page).ToListAsync();
        Assert.Equal([1L, 2], read.Select(message => message.Version));
        Assert.All(read, message => Assert.Equal(beyond.Entity, message.Entity));
    }

    private static void Note(List<BsonDocument> filters, CommandStartedEvent command)
    {
        if (command.CommandName == "find" && command.Command["find"] == "outbox" && command.Command["filter"].AsBsonDocument.Contains("$or"))
        {
            filters.Add(command.Command["filter"].DeepClone().AsBsonDocument);
        }
    }

    /// <summary>Parks version 1 of many entities.</summary>
    private static async Task HoldAsync(TestService service)
    {
        await PublishAsync(service, version: 1);
        var parked = await service.Messages.Find(FilterDefinition<BsonDocument>.Empty).ToListAsync();
        await service.Messages.DeleteManyAsync(FilterDefinition<BsonDocument>.Empty);
        await service.Database.GetCollection<BsonDocument>("outbox.parked").InsertManyAsync(
            parked.Select(message => message.Set("hold", true).Set("error", "the topic is gone").Set("attempts", 1).Set("parkedAt", DateTime.UtcNow)));
    }

    private static Task PublishAsync(TestService service, long version) => service.Outbox.ExecuteAsync((tx, _) =>
    {
        foreach (var n in Enumerable.Range(0, Many))
        {
            tx.Publish(new OrderPlaced($"o{n}", 7), $"o{n}", version);
        }

        return Task.CompletedTask;
    });
}
