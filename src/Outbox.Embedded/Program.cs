using System.Globalization;
using System.Runtime.InteropServices;
using Outbox.Embedded;
using Outbox.Embedded.Kafka;
using Outbox.Embedded.MongoDb;

const string Usage = "Usage: dotnet run --project src/Outbox.Embedded [-- --mongodb-port N --kafka-brokers N --data DIR]";

var mongoDb = new MongoServerOptions();
var kafka = new KafkaClusterOptions();
for (var i = 0; i < args.Length; i += 2)
{
    var given = i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : -1;
    switch (args[i], given)
    {
        case ("--mongodb-port", >= 0 and <= 65535):
            mongoDb.Port = given;
            break;
        case ("--kafka-brokers", >= 1 and <= 100):
            kafka.Brokers = given;
            break;
        case ("--data", _) when i + 1 < args.Length:
            mongoDb.DataDirectory = args[i + 1];
            break;
        default:
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
