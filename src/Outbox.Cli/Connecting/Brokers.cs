using Confluent.Kafka;
using Outbox.Cli.Answers;

namespace Outbox.Cli.Connecting;

/// <summary>Clients of Kafka that only ask. Their log lines are nobody's business: what goes wrong is an error of the call.</summary>
internal sealed class Brokers(ConnectionSettings settings)
{
    /// <summary>How long an answer may take.</summary>
    public TimeSpan Patience => settings.Patience;

    public IAdminClient Admin() =>
        Built(() => new AdminClientBuilder(new AdminClientConfig(Settings())).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build());

    /// <summary>A consumer that joins no group, and reads what one has committed.</summary>
    public IConsumer<byte[], byte[]> Reader(string group)
    {
        var config = new ConsumerConfig(Settings()) { GroupId = group, EnableAutoCommit = false, EnableAutoOffsetStore = false, AllowAutoCreateTopics = false };
        return Built(() => new ConsumerBuilder<byte[], byte[]>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build());
    }

    /// <summary>What the client says of its settings names them, and does not show their values.</summary>
    private static T Built<T>(Func<T> build)
    {
        try
        {
            return build();
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            throw new CommandException(ExitCode.Usage, $"Kafka's clients cannot be made with these settings: {error.Message.TrimEnd('.')}.", error);
        }
    }

    /// <exception cref="CommandException">Nobody says where the brokers are.</exception>
    private Dictionary<string, string> Settings()
    {
        var brokers = settings.Kafka ?? settings.KafkaSettings.GetValueOrDefault("bootstrap.servers")
            ?? throw new CommandException(ExitCode.Usage, "Say where Kafka is: --kafka, OUTBOX_KAFKA, or a profile that --profile names.");
        return new Dictionary<string, string>(settings.KafkaSettings)
        {
            ["bootstrap.servers"] = brokers,
            ["allow.auto.create.topics"] = "false",
            ["socket.connection.setup.timeout.ms"] = ((int)Math.Max(1_000, settings.Patience.TotalMilliseconds)).ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
    }
}
