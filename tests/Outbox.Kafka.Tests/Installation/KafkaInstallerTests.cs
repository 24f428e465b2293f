using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Outbox.Kafka.Installation;
using Outbox.Messages;

namespace Outbox.Kafka.Tests.Installation;

public sealed class KafkaInstallerTests
{
    private readonly FakeTopics _topics = new();
    private readonly Lines _lines = new();

    [Fact]
    public async Task Missing_topics_are_created_as_registered_and_named_by_environment()
    {
        _topics.Existing["staging.orders"] = 6;

        await InstallAsync(createTopics: true);

        Assert.Equal(("staging.shipments", 12, (short?)3), Assert.Single(_topics.Created));
    }

    [Fact]
    public async Task A_missing_topic_that_may_not_be_created_stops_the_start()
    {
        _topics.Existing["staging.orders"] = 6;

        var error = await Assert.ThrowsAsync<OutboxConfigurationException>(() => InstallAsync(createTopics: false));

        Assert.Contains("'staging.shipments' does not exist", error.Message, StringComparison.Ordinal);
        Assert.Contains("12 partitions", error.Message, StringComparison.Ordinal);
        Assert.Contains("Outbox:Kafka:CreateTopics", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Too_few_partitions_are_a_warning(bool createTopics)
    {
        _topics.Existing["staging.orders"] = 6;
        _topics.Existing["staging.shipments"] = 4;

        await InstallAsync(createTopics);

        Assert.Empty(_topics.Created);
        Assert.Contains("'staging.shipments' has 4 partitions, and 12 are configured", Assert.Single(_lines.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_few_replicas_are_a_warning()
    {
        _topics.Existing["staging.orders"] = 6;
        _topics.Existing["staging.shipments"] = 12;
        _topics.Replicas = 1;

        await InstallAsync(createTopics: false);

        Assert.Contains("'staging.shipments' keeps 1 copies of a message, and 3 are configured", Assert.Single(_lines.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_that_may_not_be_looked_at_is_named_with_the_right_and_the_others_are_installed()
    {
        _topics.Denied.Add("staging.orders");

        await InstallAsync(createTopics: true);

        Assert.Contains("The right Describe on topic 'staging.orders' is missing", Assert.Single(_lines.Warnings), StringComparison.Ordinal);
        Assert.Equal("staging.shipments", Assert.Single(_topics.Created).Topic);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Brokers_that_do_not_answer_hold_up_no_start(bool createTopics)
    {
        _topics.Down = true;

        await InstallAsync(createTopics);

        Assert.Contains("starts without", Assert.Single(_lines.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_being_told_nothing_is_looked_at()
    {
        _topics.Down = true;

        await InstallAsync(createTopics: null);

        Assert.Empty(_lines.Warnings);
    }

    [Fact]
    public void A_topic_of_no_partitions_is_refused() => Assert.Throws<OutboxConfigurationException>(
        () => new ServiceCollection().AddOutbox(o => o.Topic("orders", t => t.Partitions = 0)));

    [Fact]
    public async Task An_owner_that_would_never_hear_of_a_gap_is_refused()
    {
        _topics.Down = true;

        var error = await Assert.ThrowsAsync<OutboxConfigurationException>(() => InstallAsync(createTopics: null, o => o.Topic("kept", t =>
        {
            t.EntityType = "order";
            t.KeepHistory();
            t.AnswerGaps();
        })));

        Assert.Contains("UsingKafkaOutbox", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_topic_to_ask_an_owner_on_is_created_or_its_absence_is_a_warning(bool createTopics)
    {
        foreach (var there in new[] { "orders", "shipments", "stock" })
        {
            _topics.Existing[$"staging.{there}"] = 12;
        }

        await InstallAsync(createTopics, o => o.Topic("stock", t =>
        {
            t.Ordering = Outbox.Versioning.MessageOrdering.Sequence;
            t.Message<string>("stock-moved");
            t.Sequence(s => s.AskOwner = TimeSpan.FromSeconds(30));
        }));

        if (createTopics)
        {
            Assert.Equal("staging.stock.repair", Assert.Single(_topics.Created).Topic);
        }
        else
        {
            Assert.Contains("'staging.stock.repair'", Assert.Single(_lines.Warnings, line => line.Contains("AskOwner", StringComparison.Ordinal)), StringComparison.Ordinal);
        }
    }

    private Task InstallAsync(bool? createTopics, Action<OutboxConfigurator>? more = null)
    {
        var services = new ServiceCollection().AddLogging(log => log.AddProvider(_lines)).AddSingleton<ITopicAdmin>(_topics).AddOutbox(o =>
        {
            o.UseKafka(k =>
            {
                k.BootstrapServers = "unused:9092";
                k.CreateTopics = createTopics;
                k.TopicPrefix = "staging.";
            });
            o.Topic("orders", _ => { });
            o.Topic("shipments", t =>
            {
                t.Partitions = 12;
                t.ReplicationFactor = 3;
            });
            more?.Invoke(o);
        });
        return services.BuildServiceProvider().GetRequiredService<KafkaInstaller>().InstallAsync(TestContext.Current.CancellationToken);
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public List<string> Warnings { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning)
            {
                Warnings.Add(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
