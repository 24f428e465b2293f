using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using Outbox.Capture;
using Outbox.Delivery.Publishing;
using Outbox.Integration.Tests.Servers;
using Outbox.Messages;

namespace Outbox.Integration.Tests.Delivery.Settings;

/// <summary>Many delayed messages that fall due.</summary>
public sealed class DelayedMessageTests
{
    [Fact]
    public async Task G5_more_than_a_page_of_due_messages_that_wait_do_not_hide_the_others()
    {
        var publisher = new Refusing("stuck");
        await using var service = await StoredAsync([.. Enumerable.Repeat("stuck", 20), "free"]);
        await using var relay = await StartAsync(service, publisher);

        await Eventually.TrueAsync(() => Task.FromResult(publisher.Published.Contains("free")), "the due message of another entity is published");
    }

    [Fact]
    public async Task Due_messages_that_wait_do_not_keep_the_relay_from_the_others()
    {
        var publisher = new Refusing("stuck");
        await using var service = await StoredAsync(Enumerable.Repeat("stuck", 20));
        await using var relay = await StartAsync(service, publisher);

        await PublishAsync(service, "free", null);

        await Eventually.TrueAsync(() => Task.FromResult(publisher.Published.Contains("free")), "a message that was never delayed is published");
    }

    [Fact]
    public async Task All_that_is_due_is_published_whatever_the_page()
    {
        await using var service = await StoredAsync(Enumerable.Range(0, 23).Select(n => $"o{n}"));
        await using var relay = await TestService.StartAsync(o => o.QueryMessageLimit = 5, sibling: service);

        await Eventually.DrainedAsync(service);

        Assert.Equal(23, (await service.ReadTopicAsync()).Count);
    }

    /// <summary>Delayed messages, each due a little later than the one before.</summary>
    private static async Task<TestService> StoredAsync(IEnumerable<string> entities)
    {
        var service = await TestService.StartAsync(o =>
        {
            o.RelayEnabled = false;
            o.Topic("stuck", t => t.Message<Stuck>());
        });
        var due = DateTimeOffset.UtcNow.AddHours(-1);
        foreach (var entity in entities)
        {
            due += TimeSpan.FromSeconds(1);
            await PublishAsync(service, entity, due);
        }

        // The lanes are one, so that the page is shared.
        await service.Messages.UpdateManyAsync(new BsonDocument(), new BsonDocument("$set", new BsonDocument("lane", -1)));
        return service;
    }

    private static Task PublishAsync(TestService service, string entity, DateTimeOffset? due) => service.Outbox.ExecuteAsync((tx, _) =>
    {
        var options = new MessageOptions { NotBefore = due };
        if (entity == "stuck")
        {
            tx.Publish(new Stuck(), entity, 1, options);
        }
        else
        {
            tx.Publish(new OrderPlaced(entity, 7), entity, 1, options);
        }

        return Task.CompletedTask;
    });

    private static Task<TestService> StartAsync(TestService sibling, Refusing publisher) => TestService.StartAsync(
        o =>
        {
            o.QueryMessageLimit = 5;
            o.Set(x => x.RetryDelay = TimeSpan.FromMinutes(5));
            o.Set(x => x.MaxRetryDelay = TimeSpan.FromMinutes(5));
        },
        services => services.AddSingleton<IMessagePublisher>(publisher),
        sibling);

    private sealed record Stuck;

    /// <summary>A broker that answers with an error for one entity.</summary>
    private sealed class Refusing(string stuck) : IMessagePublisher
    {
        private readonly System.Collections.Concurrent.ConcurrentDictionary<string, bool> _published = new();

        public ICollection<string> Published => _published.Keys;

        public Task<IReadOnlyList<PublishResult>> PublishAsync(
            IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<PublishResult>>(
            [.. messages.Select(message => message.EntityId == stuck
                ? PublishResult.Failed("not now")
                : _published.TryAdd(message.EntityId, true) ? PublishResult.Published : PublishResult.Failed("published twice"))]);
    }
}
