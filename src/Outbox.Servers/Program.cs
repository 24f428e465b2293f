using System.Runtime.InteropServices;
using Outbox.Embedded;
using Outbox.Servers;

var arguments = ServerArguments.Parse(args);
if (arguments.Help || arguments.Refused is not null)
{
    var output = arguments.Help ? Console.Out : Console.Error;
    await output.WriteLineAsync(arguments.Help ? ServerArguments.Usage : $"Cannot use '{arguments.Refused}'.\n\n{ServerArguments.Usage}").ConfigureAwait(false);
    return arguments.Help ? 0 : 2;
}

var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
EmbeddedServers servers;
try
{
    servers = await EmbeddedServers.StartAsync(arguments.MongoDb, arguments.Kafka).ConfigureAwait(false);
}
catch (Exception error) when (error is InvalidOperationException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync(error.Message).ConfigureAwait(false);
    return 1;
}

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
