using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using MongoDB.Driver;
using Outbox.Kafka;
using Outbox.MongoDb;

namespace Outbox.Tests.Configuration;

/// <summary>The parts of a service may each say what they need.</summary>
public sealed class SaidTwiceTests
{
    [Fact]
    public void What_runs_beside_the_service_runs_once()
    {
        var once = Hosted(services => services.AddOutbox(Servers));
        var twice = Hosted(services => services.AddOutbox(Servers).AddOutbox(o =>
        {
            Servers(o);
            Servers(o);
        }));

        Assert.Contains("TakeoverService", once);
        Assert.Equal(2, once.Count(name => name == "InstallerService"));
        Assert.Equal(once, twice);
    }

    [Fact]
    public void A_keyed_service_of_the_users_is_in_nobodys_way() =>
        Assert.Equal(Hosted(services => services.AddOutbox(Servers)), Hosted(services => services.AddKeyedSingleton<IMongoClient>("own", (_, _) => new MongoClient()).AddOutbox(Servers)));

    [Fact]
    public void What_is_said_last_counts_and_what_only_one_says_stays()
    {
        var (mongo, kafka, outbox) = Options(services => services
            .AddOutbox(o =>
            {
                o.UseMongoDb(m => (m.DatabaseName, m.CollectionPrefix) = ("orders", "messaging."));
                o.UseKafka(k => (k.BootstrapServers, k.TopicPrefix) = ("one:9092", "test."));
                o.QueryDelay = TimeSpan.FromSeconds(2);
                o.Lanes = 4;
            })
            .AddOutbox(o =>
            {
                o.UseMongoDb(m => m.DatabaseName = "bills");
                o.UseKafka(k => k.BootstrapServers = "two:9092");
                o.QueryDelay = TimeSpan.FromSeconds(3);
            }));

        Assert.Equal(("bills", "messaging."), (mongo.DatabaseName, mongo.CollectionPrefix));
        Assert.Equal(("two:9092", "test."), (kafka.BootstrapServers, kafka.TopicPrefix));
        Assert.Equal((TimeSpan.FromSeconds(3), 4), (outbox.QueryDelay, outbox.Lanes));
    }

    [Fact]
    public void What_is_set_in_code_wins_over_the_configuration_also_when_another_part_says_nothing()
    {
        var (mongo, kafka, outbox) = Options(
            services => services
                .AddOutbox(o =>
                {
                    o.UseMongoDb(m => m.DatabaseName = "orders");
                    o.UseKafka(k => k.BootstrapServers = "one:9092");
                    o.Lanes = 4;
                })
                .AddOutbox(o =>
                {
                    o.UseMongoDb();
                    o.UseKafka();
                }),
            ("MongoDb:DatabaseName", "configured"), ("Kafka:BootstrapServers", "configured:9092"), ("Lanes", "16"));

        Assert.Equal(("orders", "one:9092", 4), (mongo.DatabaseName, kafka.BootstrapServers, outbox.Lanes));
    }

    private static void Servers(OutboxConfigurator outbox)
    {
        outbox.UseMongoDb();
        outbox.UseKafka();
    }

    private static List<string> Hosted(Func<IServiceCollection, IServiceCollection> configure) =>
        [.. configure(new ServiceCollection()).Where(service => service.ServiceType == typeof(IHostedService)).Select(service => service.ImplementationType?.Name ?? "by a factory")];

    private static (MongoDbOptions MongoDb, KafkaOptions Kafka, OutboxOptions Outbox) Options(
        Func<IServiceCollection, IServiceCollection> configure, params (string Setting, string Value)[] settings)
    {
        (string Setting, string Value)[] all = [("MongoDb:Connection", "mongodb://localhost"), .. settings];
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(all.Select(setting => KeyValuePair.Create($"Outbox:{setting.Setting}", (string?)setting.Value))).Build();
        using var provider = configure(new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration)).BuildServiceProvider();
        return (Value<MongoDbOptions>(), Value<KafkaOptions>(), Value<OutboxOptions>());

        T Value<T>()
            where T : class => provider.GetRequiredService<IOptions<T>>().Value;
    }
}
