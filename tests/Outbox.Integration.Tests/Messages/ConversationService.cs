using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Outbox.Capture;
using Outbox.Integration.Tests.Servers;
using Outbox.Messages.Intents;

namespace Outbox.Integration.Tests.Messages;

/// <summary>A service with a database of its own that talks with another over Kafka.</summary>
internal sealed class ConversationService : IAsyncDisposable
{
    private readonly IHost _host;

    private ConversationService(IHost host) => _host = host;

    public Ear Ear => _host.Services.GetRequiredService<Ear>();

    public IOutbox Outbox => _host.Services.GetRequiredService<IOutbox>();

    /// <param name="prefix">Keeps this test's topics apart from another's.</param>
    /// <param name="format">How every topic looks on Kafka.</param>
    /// <param name="consumers">The topics to consume, and by what.</param>
    public static async Task<ConversationService> StartAsync(string prefix, MessageFormat format, params (string Topic, Type Consumer)[] consumers)
    {
        var mongo = await MongoDbServer.GetAsync();
        var kafka = await KafkaServer.GetAsync();
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Critical).AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.AddSingleton<Ear>();
        builder.Services.AddMassTransit(x =>
        {
            x.AddOutbox(o =>
            {
                o.UseMongoDb(m =>
                {
                    m.Connection = mongo.ConnectionString;
                    m.DatabaseName = $"t{Guid.NewGuid():N}";
                });
                o.UseKafka(k =>
                {
                    k.BootstrapServers = kafka.BootstrapServers;
                    k.TopicPrefix = prefix;
                });
                o.QueryDelay = TimeSpan.FromMilliseconds(50);
                Topics(o, format);
            });
            x.AddConsumers([.. consumers.Select(consumer => consumer.Consumer)]);
            x.UsingInMemory();
            x.AddRider(r => r.UsingKafkaOutbox((context, k) =>
            {
                foreach (var (topic, consumer) in consumers)
                {
                    k.TopicEndpoint(topic, $"{prefix}{consumer.Name}", e => e.ConfigureConsumer(context, consumer));
                }
            }));
        });
        var service = new ConversationService(builder.Build());
        await service._host.StartAsync();
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static void Topics(OutboxConfigurator o, MessageFormat format)
    {
        o.Topic("orders", t =>
        {
            t.Format = format;
            t.Message<OrderConfirmed>();
        });
        o.Commands("stock", t =>
        {
            t.Format = format;
            t.Command<ReserveStock>();
        });
        o.Topic("stock", t =>
        {
            t.Format = format;
            t.Message<StockReserved>();
            t.Message<CommandRejected>();
        });
        o.EntityOf<ReserveStock>(x => x.OrderId);
        o.EntityOf<StockReserved>(x => x.OrderId);
    }
}
