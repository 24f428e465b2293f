using System.Globalization;
using Outbox.Embedded;
using Outbox.Embedded.MongoDb;

var mongoDb = new MongoServerOptions();
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--mongodb-port" when i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535:
            mongoDb.Port = port;
            i++;
            break;
        default:
            await Console.Error.WriteLineAsync($"Cannot use '{args[i]}'. Usage: dotnet run --project src/Outbox.Embedded [-- --mongodb-port N]").ConfigureAwait(false);
            return 2;
    }
}

using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stopping.Cancel();
};
var servers = await EmbeddedServers.StartAsync(mongoDb).ConfigureAwait(false);
await using (servers.ConfigureAwait(false))
{
    Console.WriteLine($"MongoDB  {servers.MongoDb.ConnectionString}");
    Console.WriteLine("Serving until Ctrl-C.");
    var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    using var registration = stopping.Token.Register(stopped.SetResult);
    await stopped.Task.ConfigureAwait(false);
}

return 0;
