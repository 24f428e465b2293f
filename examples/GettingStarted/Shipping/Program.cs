using MassTransit;
using MongoDB.Driver;
using Outbox;
using Shipping;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddMassTransit(x =>
{
    x.AddOutbox(o =>
    {
        o.UseMongoDb();
        o.UseKafka();
        o.Topic("orders", t =>
        {
            t.EntityType = "order";
            t.Message<OrderPlaced>();
        });
    });
    x.AddConsumer<OrderPlacedConsumer>();
    x.UsingInMemory();
    x.AddRider(r => r.UsingKafkaOutbox((context, k) => k.TopicEndpoint("orders", "shipping", e =>
    {
        e.UseMessageRetry(p => p.Exponential(5, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(200)));
        e.ConfigureConsumer<OrderPlacedConsumer>(context);
    })));
});
var app = builder.Build();

app.MapGet("/shipments/{orderId}", async (string orderId, IMongoDatabase database) =>
    await database.GetCollection<Shipment>("shipments").Find(x => x.Id == orderId).FirstOrDefaultAsync() is { } shipment ? Results.Ok(shipment) : Results.NotFound());

app.Run();
