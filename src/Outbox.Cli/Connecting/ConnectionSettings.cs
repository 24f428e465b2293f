namespace Outbox.Cli.Connecting;

/// <summary>Where the outbox is: what the command line, the environment and the profile say together, in this order.</summary>
internal sealed record ConnectionSettings
{
    /// <summary>What they are called after: the profile, or nothing.</summary>
    public string? Profile { get; init; }

    /// <summary>MongoDB's connection string.</summary>
    public string? MongoDb { get; init; }

    /// <summary>The service's database.</summary>
    public string? Database { get; init; }

    /// <summary>What the names of the framework's collections begin with.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Kafka's brokers.</summary>
    public string? Kafka { get; init; }

    /// <summary>What the names of topics begin with on the brokers.</summary>
    public string TopicPrefix { get; init; } = "";

    /// <summary>Settings of Kafka's clients, by their librdkafka names.</summary>
    public IReadOnlyDictionary<string, string> KafkaSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether a payload may be edited, as <c>Outbox:AllowEdit</c> of the service says.</summary>
    public bool AllowEdit { get; init; }

    /// <summary>What is not to be shown of payloads and headers, as <c>Outbox:Redact</c> of the service says.</summary>
    public IReadOnlyList<string> Redact { get; init; } = [];

    /// <summary>How long a server may take to answer for the first time.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);
}
