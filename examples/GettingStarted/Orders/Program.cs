using MassTransit;
using MongoDB.Driver;
using Orders;
using Outbox;
using Outbox.Capture;

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
    x.UsingInMemory();
});
var app = builder.Build();

app.MapPost("/orders", async (PlaceOrder request, IOutbox outbox, IMongoDatabase database, CancellationToken cancellationToken) =>
{
    var order = new Order { Id = Guid.NewGuid().ToString(), Item = request.Item, Quantity = request.Quantity };
    await outbox.ExecuteAsync(async (tx, ct) =>
    {
        await database.GetCollection<Order>("orders").InsertOneAsync(tx.Session, order, cancellationToken: ct);
        tx.Publish(new OrderPlaced(order.Id, order.Item, order.Quantity), order.Id, order.Version);
    }, cancellationToken);
    return Results.Created($"/orders/{order.Id}", order);
});

app.Run();
