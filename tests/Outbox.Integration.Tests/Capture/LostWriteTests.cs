using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Embedded.MongoDb.Faults;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Capture;

/// <summary>G1: a write of a transaction whose connection breaks may never have reached the server, which knows nothing of it and would commit the rest. On embedded servers, because they are made to fail.</summary>
public sealed class LostWriteTests : IAsyncLifetime
{
    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;
    private OwnServers _servers = null!;

    private TestService Service => _servers.Service;

    public async ValueTask InitializeAsync() => _servers = await OwnServers.StartAsync();

    public ValueTask DisposeAsync() => _servers.DisposeAsync();

    [Theory]
    [InlineData(DropMoment.Before)]
    [InlineData(DropMoment.After)]
    public async Task G1_a_callback_that_catches_the_error_of_a_write_that_was_lost_runs_again(DropMoment moment)
    {
        var attempts = 0;
        await Service.Outbox.ExecuteAsync(async (tx, ct) =>
        {
            await Service.Orders.InsertOneAsync(tx.Session, new BsonDocument("_id", "o1"), cancellationToken: ct);
            tx.Publish(new OrderPlaced("o1", 1), "o1", 1);
            if (++attempts == 1)
            {
                _servers.Mongo.Faults.DropConnection(moment, 1, "insert");
            }

            var lost = await Record.ExceptionAsync(() => Service.Orders.InsertOneAsync(tx.Session, new BsonDocument("_id", "line"), cancellationToken: ct));
            Assert.Equal(attempts == 1, lost is MongoConnectionException);
        });

        Assert.Equal(2, attempts);
        Assert.Equal(2, await Service.Orders.CountDocumentsAsync(All));
        Assert.Equal(1, await Service.Messages.CountDocumentsAsync(All));
    }

    [Fact]
    public async Task A_write_outside_of_the_transaction_that_the_driver_repeats_does_not_run_the_callback_again()
    {
        var attempts = 0;
        await Service.Outbox.ExecuteAsync(async (tx, ct) =>
        {
            attempts++;
            _servers.Mongo.Faults.DropConnection(DropMoment.After, 1, "insert");
            await Service.Orders.InsertOneAsync(new BsonDocument("_id", "o1"), cancellationToken: ct);
            tx.Publish(new OrderPlaced("o1", 1), "o1", 1);
        });

        Assert.Equal(1, attempts);
        Assert.Equal(1, await Service.Messages.CountDocumentsAsync(All));
    }
}
