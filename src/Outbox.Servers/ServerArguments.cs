using System.Globalization;
using Outbox.Embedded.Kafka;
using Outbox.Embedded.MongoDb;

namespace Outbox.Servers;

/// <summary>What the command line asks for.</summary>
internal sealed class ServerArguments
{
    public const string Usage =
        """
        Usage: outbox-servers [options]

          --mongodb-port N               MongoDB's port; a free one otherwise
          --kafka-port N                 Kafka's port; a free one otherwise
          --data DIR                     where MongoDB keeps its data; otherwise it forgets them, as Kafka always does
          --kafka-topics NAME:PARTITIONS,...
                                         topics to create; others are created when they are first published to, with 4 partitions
          --kafka-brokers N              how many brokers; 1 otherwise
          -h, --help                     this text

        Both listen on 127.0.0.1 only, until Ctrl-C.
        """;

    public MongoServerOptions MongoDb { get; } = new();

    public KafkaClusterOptions Kafka { get; } = new();

    public bool Help { get; private set; }

    /// <summary>What could not be understood, or nothing.</summary>
    public string? Refused { get; private set; }

    public static ServerArguments Parse(ReadOnlySpan<string> args)
    {
        var parsed = new ServerArguments();
        for (var i = 0; i < args.Length && parsed.Refused is null && !parsed.Help; i += 2)
        {
            if (args[i] is "-h" or "--help")
            {
                parsed.Help = true;
            }
            else if (i + 1 == args.Length)
            {
                parsed.Refused = args[i];
            }
            else if (!parsed.Accept(args[i], args[i + 1]))
            {
                parsed.Refused = $"{args[i]} {args[i + 1]}";
            }
        }

        return parsed;
    }

    private bool Accept(string option, string value)
    {
        switch (option, Number(value))
        {
            case ("--mongodb-port", >= 0 and <= 65_535 and var port):
                MongoDb.Port = port;
                return true;
            case ("--kafka-port", >= 0 and <= 65_535 and var port):
                Kafka.Port = port;
                return true;
            case ("--kafka-brokers", >= 1 and <= 100 and var brokers):
                Kafka.Brokers = brokers;
                return true;
            case ("--data", _):
                MongoDb.DataDirectory = value;
                return value.Length > 0;
            case ("--kafka-topics", _):
                return value.Split(',').All(AcceptTopic);
            default:
                return false;
        }
    }

    private bool AcceptTopic(string topic) =>
        topic.Split(':') is [{ Length: > 0 } name, var partitions] && Number(partitions) > 0 && Kafka.Topics.TryAdd(name, Number(partitions));

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
