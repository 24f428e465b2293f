using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Payloads;

/// <summary>A producing service as these tests use it.</summary>
internal static class Producing
{
    public static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;

    public static Task<TestService> StartAsync(
        Action<TopicConfigurator> topic, Action<OutboxConfigurator>? outbox = null, TestPlace? place = null, Action<Microsoft.Extensions.DependencyInjection.IServiceCollection>? replace = null) =>
        TestService.StartAsync(
            outbox,
            replace,
            place: place,
            topic: t =>
            {
                t.Message<DocumentStored>();
                topic(t);
            });

    public static Task StoreAsync(this TestService service, string entity, string text, long version = 1) => service.Outbox.ExecuteAsync((tx, _) =>
    {
        tx.Publish(new DocumentStored(text), entity, version);
        return Task.CompletedTask;
    });

    public static IMongoCollection<BsonDocument> Files(this TestService service) => service.Database.GetCollection<BsonDocument>("outbox.payloads.files");

    public static IMongoCollection<BsonDocument> Chunks(this TestService service) => service.Database.GetCollection<BsonDocument>("outbox.payloads.chunks");

    /// <summary>Where another service finds the payloads of this one.</summary>
    public static (Action<OutboxConfigurator> Outbox, Action<TopicConfigurator> Topic) StoreOf(TestService service) => (
        o => o.Payloads(p => p.AddMongoDbStore("theirs", service.Place.MongoDb, service.DatabaseName)),
        t => t.ClaimCheck(c => c.Store = "theirs"));
}
