using MongoDB.Driver;

namespace ShippingService.Orders;

/// <summary>The collection of order views.</summary>
internal sealed class OrderViews(IMongoDatabase database)
{
    public IMongoCollection<OrderView> Collection { get; } = database.GetCollection<OrderView>("orderViews");
}
