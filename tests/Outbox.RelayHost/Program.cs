using Microsoft.Extensions.Hosting;
using Outbox;
using Outbox.RelayHost;

// A process for tests that kill or pause it: all of its settings come from environment variables such as Outbox__MongoDb__Connection. It only relays,
// or, with WRITE_UNTIL, writes one transaction and halts in it, or, with CONSUME, keeps a ledger of a topic, and with CONSUME_UNTIL halts in a transaction of it.
var builder = Host.CreateApplicationBuilder(args);
if (Environment.GetEnvironmentVariable("WRITE_UNTIL") is { Length: > 0 } command)
{
    Writer.Add(builder.Services, command);
}
else if (Environment.GetEnvironmentVariable("CONSUME") is { Length: > 0 } topic)
{
    var until = Environment.GetEnvironmentVariable("CONSUME_UNTIL");
    Ledger.Add(builder.Services, topic, publishes: !string.IsNullOrEmpty(until));
    if (!string.IsNullOrEmpty(until))
    {
        HaltAtCommand.Set(builder.Services, until);
    }
}
else
{
    builder.Services.AddOutboxRelay(o =>
    {
        o.UseMongoDb();
        o.UseKafka();
    });
}

if (Environment.GetEnvironmentVariable("PAUSE_AT") is { Length: > 0 } step)
{
    Breakpoint.Set(builder.Services, step);
}

await builder.Build().RunAsync();
