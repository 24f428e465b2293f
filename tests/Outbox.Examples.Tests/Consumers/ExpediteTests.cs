using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Examples.Tests.Services;

namespace Outbox.Examples.Tests.Consumers;

/// <summary>What the shipping service makes of commands.</summary>
public sealed class ExpediteTests(ShippingServiceFixture service) : IClassFixture<ShippingServiceFixture>, IDisposable
{
    private readonly Events _commands = new(service, "shipping.commands", "shipping-service.commands");

    [Fact]
    public async Task A_parcel_that_is_being_packed_leaves_at_once()
    {
        await InsertAsync("a", "PREPARING");

        await ExpediteAsync("a", "a-command");

        Assert.Equal(("SHIPPED", 2L), await service.StateAsync("shipments", "a"));
        Assert.Equal(["shipment-shipped v2"], await service.OutboxAsync("a"));
    }

    [Fact]
    public async Task A_parcel_that_was_stopped_is_refused_with_the_reason_and_correlated()
    {
        await InsertAsync("b", "CANCELLED");

        await ExpediteAsync("b", "b-command");

        Assert.Equal(("CANCELLED", 1L), await service.StateAsync("shipments", "b"));
        var refusal = await service.Database.GetCollection<BsonDocument>("outbox").Find(new BsonDocument("entityId", "b-command")).SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("command-rejected", "b-command"), (refusal["type"].AsString, refusal["headers"]["causationId"].AsString));
        Assert.Contains("its shipment is CANCELLED", refusal["payload"].AsString, StringComparison.Ordinal);
    }

    public void Dispose() => _commands.Dispose();

    private async Task ExpediteAsync(string id, string messageId)
    {
        await _commands.SendAsync(id, 1, "expedite-shipment", messageId, new { orderId = id });
        await _commands.AllDoneAsync();
    }

    private Task InsertAsync(string id, string status) => service.Database.GetCollection<BsonDocument>("shipments").InsertOneAsync(new BsonDocument
    {
        { "_id", id }, { "packedAt", DateTime.UtcNow.AddHours(1) }, { "status", status }, { "trackingNumber", BsonNull.Value }, { "version", 1L }, { "history", new BsonArray() },
    });
}
