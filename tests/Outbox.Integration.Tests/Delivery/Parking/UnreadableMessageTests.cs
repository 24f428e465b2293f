using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Delivery;
using Outbox.Integration.Tests.Servers;
using Outbox.Messages.Registration;

namespace Outbox.Integration.Tests.Delivery.Parking;

/// <summary>Documents in the outbox that no relay can read: written by a later version, or changed by hand.</summary>
public sealed class UnreadableMessageTests
{
    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;

    [Theory]
    [InlineData("intent", 1, true)]
    [InlineData("format", 1, true)]
    [InlineData("version", 0.5, true)]
    [InlineData("version", null, true)]
    [InlineData("topic", null, true)]
    [InlineData("timestamp", null, true)]
    [InlineData("headers", 5, true)]
    [InlineData("payload", 12, true)]
    [InlineData("entityType", null, true)]
    [InlineData("entityId", 7, false)]
    [InlineData("entityId", null, false)]
    public async Task G8_what_the_relay_cannot_read_is_parked_as_it_is_and_holds_its_own_entity_at_most(string field, object? value, bool holds)
    {
        await using var service = await StoredAsync(("o1", 1), ("o1", 2), ("o2", 1));
        var broken = await BreakAsync(service, "o1", 1, field, value);
        await using var relay = await TestService.StartAsync(sibling: service);

        await Eventually.TrueAsync(async () => (await service.Operations.ListParkedAsync()).Count == 1, "the document is parked");
        await PublishedAsync(relay, holds ? ["o2/1"] : ["o1/2", "o2/1"]);

        var parked = Assert.Single(await service.Operations.ListParkedAsync());
        Assert.Equal((broken["_id"].AsString, holds), (parked.Message.MessageId, parked.HoldsEntity));
        Assert.Contains($"'{field}'", parked.Error, StringComparison.Ordinal);
        Assert.Equal(broken, BsonDocument.Parse(parked.Document));
    }

    [Fact]
    public async Task G4_an_unreadable_message_waits_for_those_before_it_and_is_published_in_its_place_when_it_was_repaired()
    {
        await using var service = await StoredAsync(("o1", 1), ("o1", 2), ("o1", 3));
        await BreakAsync(service, "o1", 2, "ordinal", "first");
        await using var relay = await TestService.StartAsync(sibling: service);
        await Eventually.TrueAsync(async () => (await service.Operations.ListParkedAsync()).Count == 1, "the document is parked");
        await PublishedAsync(relay, "o1/1");

        await service.Database.GetCollection<BsonDocument>("outbox.parked").UpdateOneAsync(All, new BsonDocument("$set", new BsonDocument("ordinal", 0)));
        var parked = Assert.Single(await service.Operations.ListParkedAsync());
        Assert.Null(parked.Document);
        Assert.True(await service.Operations.RetryAsync(parked.Message.MessageId, "repaired"));

        await PublishedAsync(relay, "o1/1", "o1/2", "o1/3");
    }

    [Fact]
    public async Task An_unreadable_message_is_parked_only_when_those_before_it_are_published()
    {
        await using var service = await StoredAsync(("o1", 1), ("o1", 2), ("o1", 3));
        await BreakAsync(service, "o1", 2, "ordinal", "first");

        Assert.Equal([1L], await SweepAsync(service));
        Assert.Empty(await service.Operations.ListParkedAsync());

        await service.Messages.DeleteOneAsync(new BsonDocument("version", 1));
        Assert.Empty(await SweepAsync(service));
        Assert.Single(await service.Operations.ListParkedAsync());
    }

    [Fact]
    public async Task Where_the_topic_goes_on_without_parked_messages_it_goes_on_without_unreadable_ones()
    {
        await using var service = await StoredAsync(("o1", 1), ("o1", 2), ("o1", 3));
        await BreakAsync(service, "o1", 2, "ordinal", "first");
        await using var relay = await TestService.StartAsync(sibling: service, topic: t => t.OnParked = ParkedPolicy.Continue);

        await PublishedAsync(relay, "o1/1", "o1/3");
        Assert.False(Assert.Single(await service.Operations.ListParkedAsync()).HoldsEntity);
    }

    [Fact]
    public async Task An_unreadable_message_that_is_retried_as_it_is_is_parked_again_and_can_be_discarded()
    {
        await using var service = await StoredAsync(("o1", 1), ("o1", 2));
        var id = (await BreakAsync(service, "o1", 1, "ordinal", "first"))["_id"].AsString;
        await using var relay = await TestService.StartAsync(sibling: service);
        await Eventually.TrueAsync(async () => (await service.Operations.ListParkedAsync()).Count == 1, "the document is parked");
        var first = Assert.Single(await service.Operations.ListParkedAsync()).ParkedAt;

        Assert.True(await service.Operations.RetryAsync(id, "perhaps it works now"));
        await Eventually.TrueAsync(
            async () => (await service.Operations.ListParkedAsync()).SingleOrDefault()?.ParkedAt > first, "the document is parked again");
        Assert.True(await service.Operations.DiscardAsync(id, "it does not"));

        await PublishedAsync(relay, "o1/2");
    }

    [Fact]
    public async Task An_unreadable_delayed_message_is_parked_when_it_is_due_and_holds_nobody()
    {
        await using var service = await TestService.StartAsync(o => o.RelayEnabled = false);
        foreach (var version in new long[] { 1, 2 })
        {
            await service.Outbox.ExecuteAsync((tx, _) =>
            {
                tx.Publish(new OrderPlaced("o1", 7), "o1", version, new MessageOptions { NotBefore = DateTimeOffset.UtcNow.AddMinutes(-version) });
                return Task.CompletedTask;
            });
        }

        await BreakAsync(service, "o1", 2, "ordinal", "first");
        await using var relay = await TestService.StartAsync(sibling: service);

        await PublishedAsync(relay, "o1/1");
        Assert.False(Assert.Single(await service.Operations.ListParkedAsync()).HoldsEntity);
    }

    [Fact]
    public async Task A_whole_page_of_unreadable_messages_does_not_hide_what_is_behind_it()
    {
        await using var service = await StoredAsync([.. Enumerable.Range(1, 30).Select(n => ($"o{n}", 1L)), ("p", 1)]);
        await service.Messages.UpdateManyAsync(new BsonDocument("entityId", new BsonDocument("$ne", "p")), new BsonDocument("$set", new BsonDocument("intent", 1)));
        await using var relay = await TestService.StartAsync(o => o.QueryMessageLimit = 5, sibling: service);

        await PublishedAsync(relay, "p/1");
        await Eventually.TrueAsync(async () => (await service.Operations.ListParkedAsync()).Count == 30, "the documents are parked");
    }

    [Theory]
    [InlineData("intent", "shout")]
    [InlineData("format", "morse")]
    public async Task What_only_a_newer_instance_knows_is_left_to_it_and_holds_its_own_entity_alone(string field, string value)
    {
        await using var service = await StoredAsync(("o1", 1), ("o1", 2), ("o1", 3), ("o2", 1));
        var newer = await BreakAsync(service, "o1", 2, field, value);
        await using var relay = await TestService.StartAsync(sibling: service);

        await PublishedAsync(relay, "o1/1", "o2/1");
        Assert.Empty(await service.Operations.ListParkedAsync());

        // A newer instance publishes it, here in the guise of this one.
        await service.Messages.UpdateOneAsync(new BsonDocument("_id", newer["_id"]), field == "intent" ? Intent : new BsonDocument("$unset", new BsonDocument(field, "")));
        await PublishedAsync(relay, "o1/1", "o1/2", "o1/3", "o2/1");
    }

    [Fact]
    public async Task What_no_instance_knows_is_parked_when_it_is_old_enough()
    {
        await using var service = await StoredAsync(("o1", 1));
        await BreakAsync(service, "o1", 1, "format", "morse");
        await using var relay = await TestService.StartAsync(o => o.Set(x => x.UnknownMessageAge = TimeSpan.FromSeconds(1)), sibling: service);

        await Eventually.TrueAsync(async () => (await service.Operations.ListParkedAsync()).Count == 1, "the message is parked");
        Assert.Contains("'morse'", Assert.Single(await service.Operations.ListParkedAsync()).Error, StringComparison.Ordinal);
    }

    private static BsonDocument Intent => new("$set", new BsonDocument("intent", "event"));

    private static async Task<TestService> StoredAsync(params (string Entity, long Version)[] messages)
    {
        var service = await TestService.StartAsync(o => o.RelayEnabled = false);
        foreach (var (entity, version) in messages)
        {
            await service.PublishAsync(entity, version);
        }

        return service;
    }

    private static async Task<IReadOnlyList<long>> SweepAsync(TestService service)
    {
        var request = new SweepRequest([.. Enumerable.Range(0, 8)], 1_000, [], DateTimeOffset.UtcNow);
        var pages = service.Services.GetRequiredService<IOutboxReader>().SweepAsync(request, CancellationToken.None);
        return await pages.SelectMany(page => page).Select(message => message.Version).ToListAsync();
    }

    private static async Task<BsonDocument> BreakAsync(TestService service, string entity, long version, string field, object? value)
    {
        var change = value is null
            ? new BsonDocument("$unset", new BsonDocument(field, ""))
            : new BsonDocument("$set", new BsonDocument(field, BsonValue.Create(value)));
        return await service.Messages.FindOneAndUpdateAsync(
            new BsonDocument { { "entityId", entity }, { "version", version } },
            change,
            new FindOneAndUpdateOptions<BsonDocument> { ReturnDocument = ReturnDocument.After });
    }

    private static bool IsNoLast(string name) => !name.StartsWith("last-", StringComparison.Ordinal);

    /// <summary>Waits until so much is published, and then for as long as a wrong message would need to follow.</summary>
    private static async Task PublishedAsync(TestService relay, params string[] expected)
    {
        await Eventually.TrueAsync(async () => (await ReadAsync(relay)).Count(IsNoLast) >= expected.Length, string.Join(", ", expected) + " published");
        var last = $"last-{Guid.NewGuid():N}";
        await relay.PublishAsync(last, 1);
        await Eventually.TrueAsync(async () => (await ReadAsync(relay)).Contains($"{last}/1"), "a later message published");
        Assert.Equal(expected, (await ReadAsync(relay)).Where(IsNoLast).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(expected.Length, (await ReadAsync(relay)).Count(IsNoLast));
        var ascending = (await ReadAsync(relay)).Where(name => name.StartsWith("o1/", StringComparison.Ordinal)).ToList();
        Assert.Equal(ascending.Order(StringComparer.Ordinal), ascending);
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(TestService service) =>
        [.. (await service.ReadTopicAsync()).Select(record => $"{record.Message.Key}/{record.Header("version")}")];
}
