using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Kafka;

namespace Outbox.RelayHost;

/// <summary>
/// A consuming service with an endpoint for single messages and one for batches. Each appends the versions that it processes to its entity's document, in the order in which it does: a second effect, a
/// missing one and a wrong order all show there.
/// </summary>
public static class Ledger
{
    public const string Single = "single";
    public const string Batch = "batch";

    public static string Group(string endpoint, string topic) => $"{endpoint}-{topic}";

    /// <param name="services">The service's.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="configure">The outbox's settings; without it they are those of the environment.</param>
    /// <param name="publishes">Whether the consumer of single messages also publishes, in its transaction, that it has written one down.</param>
    public static void Add(IServiceCollection services, string topic, Action<OutboxConfigurator>? configure = null, bool publishes = false)
    {
        services.AddSingleton<Pulse>();
        services.AddSingleton(new Notes(publishes));
        services.AddMassTransit(x =>
        {
            x.AddOutbox(o =>
            {
                o.RelayEnabled = false;
                o.Topic(topic, t =>
                {
                    t.EntityType = "account";
                    t.Message<AccountChanged>();
                });
                o.Topic($"noted-{topic}", t => t.Message<AccountNoted>());
                o.EntityOf<AccountNoted>(noted => noted.AccountId, _ => 1);
                if (configure is null)
                {
                    o.UseMongoDb();
                    o.UseKafka();
                }
                else
                {
                    configure(o);
                }
            });
            x.AddConsumer<SingleConsumer>();
            x.AddConsumer<BatchConsumer>();
            x.UsingInMemory();
            x.AddRider(r => r.UsingKafkaOutbox((context, k) =>
            {
                k.TopicEndpoint(topic, Group(Single, topic), e => e.ConfigureConsumer<SingleConsumer>(context));
                k.TopicEndpoint(topic, Group(Batch, topic), e => e.ConfigureConsumer<BatchConsumer>(
                    context, c => c.Options<BatchOptions>(b => b.SetMessageLimit(100).SetTimeLimit(TimeSpan.FromMilliseconds(100)).SetConcurrencyLimit(2))));
            }));
        });
    }

    private static UpdateOneModel<BsonDocument> Append(string entity, IEnumerable<long> versions) => new(
        new BsonDocument("_id", entity), Builders<BsonDocument>.Update.PushEach("versions", versions))
    { IsUpsert = true };

    private sealed record Notes(bool ArePublished);

    private sealed class SingleConsumer(IMongoDatabase database, IPublishEndpoint endpoint, Notes notes, Pulse pulse) : IConsumer<AccountChanged>
    {
        public async Task Consume(ConsumeContext<AccountChanged> context)
        {
            await database.GetCollection<BsonDocument>(Single).BulkWriteAsync(
                context.Session(), [Append(context.Message.AccountId, [context.Stamp().Version])], cancellationToken: context.CancellationToken);
            if (notes.ArePublished)
            {
                await endpoint.Publish(new AccountNoted(context.Message.AccountId), context.CancellationToken);
            }

            pulse.Beat(Single);
        }
    }

    private sealed class BatchConsumer(IMongoDatabase database, Pulse pulse) : IConsumer<Batch<AccountChanged>>
    {
        public async Task Consume(ConsumeContext<Batch<AccountChanged>> context)
        {
            var appended = context.Message.GroupBy(message => message.Message.AccountId).Select(group => Append(group.Key, group.Select(message => message.Stamp().Version)));
            await database.GetCollection<BsonDocument>(Batch).BulkWriteAsync(context.Session(), appended, cancellationToken: context.CancellationToken);
            pulse.Beat(Batch);
        }
    }
}
