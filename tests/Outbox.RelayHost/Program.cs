using Microsoft.Extensions.Hosting;
using Outbox;

// A process that only relays, for tests that kill it: all of its settings come from environment variables such as Outbox__MongoDb__Connection.
var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddOutboxRelay(o =>
{
    o.UseMongoDb();
    o.UseKafka();
});
await builder.Build().RunAsync();
