using Microsoft.Extensions.Hosting;
using Outbox;
using Outbox.RelayHost;

// A process that only relays, for tests that kill or pause it: all of its settings come from environment variables such as Outbox__MongoDb__Connection.
var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddOutboxRelay(o =>
{
    o.UseMongoDb();
    o.UseKafka();
});
if (Environment.GetEnvironmentVariable("PAUSE_AT") is { Length: > 0 } step)
{
    Breakpoint.Set(builder.Services, step);
}

await builder.Build().RunAsync();
