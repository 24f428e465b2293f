using Confluent.Kafka;
using Confluent.Kafka.Admin;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Outbox.Embedded.Kafka;
using Outbox.Kafka.Asking.Clients;
using Outbox.Kafka.Asking.Topics;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Asking;

/// <summary>Services that ask and services that answer, over the Kafka of OUTBOX_TEST_KAFKA or an embedded one.</summary>
public sealed class Desk : IAsyncDisposable
{
    private readonly List<IHost> _hosts = [];
    private readonly string _run = Guid.NewGuid().ToString("N")[..8];

    public Desk(int partitions = 4, bool withTopics = true)
    {
        var given = Environment.GetEnvironmentVariable("OUTBOX_TEST_KAFKA");
        Cluster = string.IsNullOrEmpty(given) ? KafkaCluster.Start() : null;
        BootstrapServers = Cluster?.BootstrapServers ?? given!;
        Logs = new Logs(Signal);
        if (withTopics)
        {
            Create(Topic, partitions);
            Create(Replies, partitions);
        }
    }

    public KafkaCluster? Cluster { get; }

    public string BootstrapServers { get; }

    public Signal Signal { get; } = new();

    public Logs Logs { get; }

    public string Topic => $"quotes-{_run}";

    public string Replies => $"orders-{_run}.replies";

    internal static Requests RequestsOf(IHost asker) => asker.Services.GetRequiredService<Requests>();

    public void Create(string topic, int partitions)
    {
        if (Cluster is not null)
        {
            Cluster.CreateTopic(topic, partitions);
            return;
        }

        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers }).Build();
        admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }]).GetAwaiter().GetResult();
    }

    public Task<IHost> Asks(Action<RequestClientOptions>? client = null, TimeProvider? time = null, string? topic = null) => StartAsync(time, x =>
    {
        x.AddOutboxRequestClient<GetQuote>(topic ?? Topic, client);
        x.AddOutboxRequestClient<GetWeight>(topic ?? Topic);
        x.UsingInMemory();
        x.AddRider(r => r.UsingKafkaOutbox((_, _) => { }));
    });

    public Task<IHost> Answers(Func<ConsumeContext<GetQuote>, Task> answer, TimeProvider? time = null, string by = "a") => StartAsync(time, x =>
    {
        x.AddSingleton(new Answers(answer, by));
        x.AddConsumer<QuoteConsumer>();
        x.UsingInMemory();
        x.AddRider(r => r.UsingKafkaOutbox((context, k) => k.RequestEndpoint(Topic, $"shipping-{_run}", e => e.ConfigureConsumer<QuoteConsumer>(context))));
    });

    public static async Task<Response<Quote>> Ask(IHost asker, string order = "o1", int weight = 3, CancellationToken cancellationToken = default)
    {
        await using var scope = asker.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IRequestClient<GetQuote>>().GetResponse<Quote>(new GetQuote(order, weight), cancellationToken);
    }

    public static Task Give(ConsumeContext<GetQuote> context, string by) => context.RespondAsync(new Quote(context.Message.OrderId, context.Message.Weight * 1.5m, by));

    /// <summary>What is on a topic now.</summary>
    public List<Message<string?, string?>> Read(string topic)
    {
        using var consumer = new ConsumerBuilder<string?, string?>(new ConsumerConfig { BootstrapServers = BootstrapServers, GroupId = _run, EnableAutoCommit = false, EnablePartitionEof = true }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, Signal.Patience).Topics[0].Partitions;
        consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(topic, partition.PartitionId, Offset.Beginning)));
        var found = new List<Message<string?, string?>>();
        for (var open = partitions.Count; open > 0;)
        {
            var result = consumer.Consume(Signal.Patience) ?? throw new TimeoutException($"Topic {topic} could not be read.");
            open -= result.IsPartitionEOF ? 1 : 0;
            if (!result.IsPartitionEOF)
            {
                found.Add(result.Message);
            }
        }

        return found;
    }

    public async Task<IHost> StartAsync(TimeProvider? time, Action<IBusRegistrationConfigurator> bus)
    {
        var host = Build(time, bus);
        await host.StartAsync();
        return host;
    }

    public IHost Build(TimeProvider? time, Action<IBusRegistrationConfigurator> bus)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(Logs);
        builder.Services.AddSingleton(time ?? TimeProvider.System).AddSingleton(Signal);
        builder.Services.Configure<MassTransitHostOptions>(x => x.WaitUntilStarted = true);
        builder.Services.AddMassTransit(x =>
        {
            x.AddOutbox(Configure);
            bus(x);
        });
        Shop.RemoveRelay(builder.Services);
        var host = builder.Build();
        _hosts.Add(host);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }

        if (Cluster is not null)
        {
            await Cluster.DisposeAsync();
        }
    }

    private void Configure(OutboxConfigurator outbox)
    {
        outbox.UseKafka(k =>
        {
            k.BootstrapServers = BootstrapServers;
            k.ConsumerSettings["topic.metadata.refresh.interval.ms"] = "500";
            if (Cluster is not null)
            {
                // The embedded cluster takes the session timeout for each rebalance.
                k.ConsumerSettings["session.timeout.ms"] = "1500";
                k.ConsumerSettings["heartbeat.interval.ms"] = "100";
            }
        });
        outbox.Services.Configure<RequestOptions>(x =>
        {
            x.ReplyTopic = Replies;
            x.Timeout = TimeSpan.FromSeconds(60);
        });
        outbox.Topic("quotes.given", t => t.Message<QuoteGiven>());
    }
}

public sealed record Answers(Func<ConsumeContext<GetQuote>, Task> Give, string By);

public sealed class QuoteConsumer(Answers answers) : IConsumer<GetQuote>
{
    public Task Consume(ConsumeContext<GetQuote> context) => answers.Give(context);
}
