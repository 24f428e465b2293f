using System.Globalization;
using System.Runtime.InteropServices;
using Outbox.Embedded;
using Outbox.Embedded.Kafka;
using Outbox.Embedded.MongoDb;

const string Usage = "Usage: dotnet run --project src/Outbox.Embedded [-- --mongodb-port N --kafka-brokers N --kafka-topics NAME:PARTITIONS,… --data DIR]";

var mongoDb = new MongoServerOptions();
var kafka = new KafkaClusterOptions();
for (var i = 0; i < args.Length; i += 2)
{
    if (i + 1 == args.Length || !Accept(args[i], args[i + 1]))
    {
        await Console.Error.WriteLineAsync($"Cannot use '{string.Join(' ', args[i..])}'. {Usage}").ConfigureAwait(false);
        return 2;
    }
}

var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
var servers = await EmbeddedServers.StartAsync(mongoDb, kafka).ConfigureAwait(false);
await using (servers.ConfigureAwait(false))
{
    Console.WriteLine($"MongoDB  {servers.MongoDb.ConnectionString}");
    Console.WriteLine($"Kafka    {servers.Kafka.BootstrapServers}");
    Console.WriteLine("Serving until Ctrl-C.");
    await stopped.Task.ConfigureAwait(false);
}

return 0;

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stopped.TrySetResult();
}

bool Accept(string option, string value)
{
    var number = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : -1;
    switch (option, number)
    {
        case ("--mongodb-port", >= 0 and <= 65535):
            mongoDb.Port = number;
            return true;
        case ("--kafka-brokers", >= 1 and <= 100):
            kafka.Brokers = number;
            return true;
        case ("--data", _):
            mongoDb.DataDirectory = value;
            return true;
        case ("--kafka-topics", _):
            return value.Split(',').All(AcceptTopic);
        default:
            return false;
    }
}

bool AcceptTopic(string topic)
{
    var parts = topic.Split(':');
    return parts is [{ Length: > 0 }, _] && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var partitions)
        && kafka.Topics.TryAdd(parts[0], partitions);
}
