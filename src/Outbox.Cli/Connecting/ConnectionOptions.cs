using System.CommandLine;
using System.Globalization;
using Outbox.Cli.Answers;

namespace Outbox.Cli.Connecting;

/// <summary>The options that say where the outbox is. Each has a variable in the environment, and a field in a profile.</summary>
internal sealed class ConnectionOptions
{
    private const string Variables = "OUTBOX_";

    public Option<string?> MongoDb { get; } = Option("--mongodb", "uri", "MongoDB's connection string. With a password in it, say it in OUTBOX_MONGODB or a profile instead: others see the arguments of a process.");

    public Option<string?> Database { get; } = Option("--database", "name", "The service's database (OUTBOX_DATABASE). The default is the one that the connection string names.");

    public Option<string?> Prefix { get; } = Option("--prefix", "text", "What the framework's collections begin with (OUTBOX_PREFIX): the service's Outbox:MongoDb:CollectionPrefix.");

    public Option<string?> Kafka { get; } = Option("--kafka", "brokers", "Kafka's brokers, as host:port,host:port (OUTBOX_KAFKA). Only what asks the brokers needs it: lag, doctor.");

    public Option<string?> KafkaConfig { get; } = Option("--kafka-config", "file", "Settings of Kafka's clients, as a file of lines name=value (OUTBOX_KAFKA_CONFIG).");

    public Option<string?> TopicPrefix { get; } = Option("--topic-prefix", "text", "What topics begin with on the brokers (OUTBOX_TOPIC_PREFIX): the service's Outbox:Kafka:TopicPrefix.");

    public Option<string?> Profile { get; } = Option("--profile", "name", "A profile of the file profiles.json (OUTBOX_PROFILE); docs/command-line.md says where it is.");

    public Option<string?> Timeout { get; } = Option("--timeout", "seconds", "How long a server may take to answer for the first time (OUTBOX_TIMEOUT). The default is 5.");

    public Option<string[]> Redact { get; } = new("--redact")
    {
        Description = "A field or header that is not shown, by its name, or by its path in the payload (OUTBOX_REDACT, with commas between them): the service's Outbox:Redact. May be said several times.",
        HelpName = "name",
        Recursive = true,
    };

    public IEnumerable<Option> All => [MongoDb, Database, Prefix, Kafka, KafkaConfig, TopicPrefix, Profile, Redact, Timeout];

    /// <exception cref="CommandException">The profile is not there, or a file or number cannot be read.</exception>
    public ConnectionSettings Read(ParseResult parsed, Func<string, string?> environment)
    {
        string? Say(Option<string?> option) => Value(option, parsed, environment);
        var basis = Say(Profile) is { } name ? Profiles.Read(name, environment) : new ConnectionSettings();
        return basis with
        {
            MongoDb = Say(MongoDb) ?? basis.MongoDb,
            Database = Say(Database) ?? basis.Database,
            Prefix = Say(Prefix) ?? basis.Prefix,
            Kafka = Say(Kafka) ?? basis.Kafka,
            KafkaSettings = Say(KafkaConfig) is { } file ? Profiles.ReadProperties(file) : basis.KafkaSettings,
            TopicPrefix = Say(TopicPrefix) ?? basis.TopicPrefix,
            AllowEdit = basis.AllowEdit || environment(Variables + "ALLOW_EDIT") is "1" or "true",
            Redact = [.. basis.Redact, .. Redacted(parsed, environment)],
            Patience = PatienceOf(Say(Timeout)),
        };
    }

    /// <summary>The settings of a profile alone, with the patience of the command line.</summary>
    public ConnectionSettings OfProfile(string name, ParseResult parsed, Func<string, string?> environment)
    {
        var profile = Profiles.Read(name, environment);
        return profile with { Redact = [.. profile.Redact, .. Redacted(parsed, environment)], Patience = PatienceOf(Value(Timeout, parsed, environment)) };
    }

    /// <summary>What one of them hides no other shows.</summary>
    private IEnumerable<string> Redacted(ParseResult parsed, Func<string, string?> environment) =>
        (environment(Variables + "REDACT") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Concat(parsed.GetValue(Redact) ?? []);

    private static string? Value(Option<string?> option, ParseResult parsed, Func<string, string?> environment) =>
        parsed.GetValue(option) is { Length: > 0 } said ? said
        : environment(Variables + option.Name.TrimStart('-').Replace('-', '_').ToUpperInvariant()) is { Length: > 0 } set ? set
        : null;

    private static TimeSpan PatienceOf(string? seconds) =>
        seconds is null ? new ConnectionSettings().Patience
        : double.TryParse(seconds, CultureInfo.InvariantCulture, out var number) && number is >= 0.1 and <= 300 ? TimeSpan.FromSeconds(number)
        : throw new CommandException(ExitCode.Usage, "--timeout is a number of seconds from 0.1 to 300.");

    private static Option<string?> Option(string name, string value, string description) => new(name) { Description = description, HelpName = value, Recursive = true };
}
