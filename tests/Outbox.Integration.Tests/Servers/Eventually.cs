using System.Diagnostics;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Integration.Tests.Servers;

/// <summary>Waits for what another process or thread will bring about, and says what it saw when it does not.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, double seconds = 120)
    {
        var watch = Stopwatch.StartNew();
        while (!await IsSeenAsync(condition))
        {
            if (watch.Elapsed.TotalSeconds > seconds)
            {
                Assert.Fail($"Not within {seconds} s: {what}");
            }

            await Task.Delay(20);
        }
    }

    /// <summary>Where a test breaks or stops connections, its own look may go along one: then nothing was seen.</summary>
    private static async Task<bool> IsSeenAsync(Func<Task<bool>> condition)
    {
        try
        {
            return await condition();
        }
        catch (Exception error) when (error is MongoConnectionException or MongoConnectionPoolPausedException)
        {
            return false;
        }
    }

    public static Task DrainedAsync(TestService service) => TrueAsync(
        async () => await service.Messages.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty) == 0, "the outbox is empty");

    /// <summary>As the relay does: again, until the place has been seen to work.</summary>
    public static Task PublishedAsync(IMessagePublisher publisher, OutboxMessage message) => TrueAsync(
        async () => (await publisher.PublishAsync([message], TimeSpan.FromSeconds(8), default))[0] == PublishResult.Published, "the message is published");

    public static async Task CreateCollectionIfMissingAsync(this IMongoDatabase database, string name)
    {
        try
        {
            await database.CreateCollectionAsync(name);
        }
        catch (MongoCommandException error) when (error.Code == 48)
        {
            // It is there.
        }
    }
}
