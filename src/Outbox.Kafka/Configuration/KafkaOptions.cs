using System.ComponentModel.DataAnnotations;
using Confluent.Kafka;

namespace Outbox.Kafka;

/// <summary>How to reach Kafka; configuration section <c>Outbox:Kafka</c>.</summary>
public sealed class KafkaOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = OutboxOptions.Section + ":Kafka";

    /// <summary>Brokers to start from, as <c>host:port,host:port</c>. Required.</summary>
    [Required(ErrorMessage = "Outbox:Kafka:BootstrapServers is missing. Set it to the brokers to start from, for example localhost:9092.")]
    public string BootstrapServers { get; set; } = "";

    /// <summary>
    /// What every topic's name begins with in this environment, such as <c>staging.</c>. Configuration and messages name topics without it.
    /// </summary>
    /// <value>The default is nothing.</value>
    [RegularExpression("[a-zA-Z0-9._-]*", ErrorMessage = "Outbox:Kafka:TopicPrefix may have letters, digits, '.', '_' and '-' only.")]
    public string TopicPrefix { get; set; } = "";

    /// <summary>
    /// <see langword="true"/>: missing topics are created at start, with <c>t.Partitions</c> and <c>t.ReplicationFactor</c>. <see langword="false"/>: a
    /// missing topic stops the start. Either way, a topic with fewer partitions than <c>t.Partitions</c> is warned of.
    /// </summary>
    /// <value>The default is <see langword="null"/>: topics are the cluster's affair, and nothing is looked at.</value>
    public bool? CreateTopics { get; set; }

    /// <summary>How long a start may wait for the brokers to tell of their topics, or to create one. After it the service starts without having looked.</summary>
    /// <value>The default value is 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan TopicTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What keeps a relay that was paused past its lease from putting old messages behind newer ones.</summary>
    /// <value>The default value is <see cref="Kafka.Fencing.LeaseTime"/>.</value>
    public Fencing Fencing { get; set; } = Fencing.LeaseTime;

    /// <summary>
    /// The start of the lanes' <c>transactional.id</c>s: the same for every relay of one outbox, and no other outbox's. Required with
    /// <see cref="Fencing.KafkaTransactions"/>.
    /// </summary>
    public string TransactionalIdPrefix { get; set; } = "";

    /// <summary>Settings for producers and consumers by their librdkafka names, such as <c>security.protocol</c> or <c>sasl.username</c>.</summary>
    public IDictionary<string, string> Settings { get; } = new Dictionary<string, string>();

    /// <summary>Settings for producers alone, such as <c>compression.type</c>. Those that would break a guarantee are refused at start.</summary>
    public IDictionary<string, string> ProducerSettings { get; } = new Dictionary<string, string>();

    /// <summary>Settings for consumers alone, such as <c>session.timeout.ms</c>. Those that would break a guarantee are refused at start.</summary>
    public IDictionary<string, string> ConsumerSettings { get; } = new Dictionary<string, string>();

    internal List<Action<ProducerBuilder<byte[]?, byte[]?>>> ProducerHooks { get; } = [];

    internal List<Action<ConsumerBuilder<byte[]?, byte[]?>>> ConsumerHooks { get; } = [];

    internal List<Action<AdminClientBuilder>> AdminHooks { get; } = [];

    /// <summary>
    /// Changes the builder of every producer, for what settings cannot say, such as <c>SetOAuthBearerTokenRefreshHandler</c>. It is called for each producer that is built, also when one is
    /// replaced. The handlers of errors and of log lines are the outbox's own.
    /// </summary>
    public void ConfigureProducer(Action<ProducerBuilder<byte[]?, byte[]?>> change) => ProducerHooks.Add(change);

    /// <summary>Changes the builder of every consumer, as <see cref="ConfigureProducer"/> does those of producers. Its deserializers and handlers of partitions are the outbox's own too.</summary>
    public void ConfigureConsumer(Action<ConsumerBuilder<byte[]?, byte[]?>> change) => ConsumerHooks.Add(change);

    /// <summary>Changes the builder of every client that asks the brokers about topics, as <see cref="ConfigureProducer"/> does those of producers.</summary>
    public void ConfigureAdmin(Action<AdminClientBuilder> change) => AdminHooks.Add(change);
}
