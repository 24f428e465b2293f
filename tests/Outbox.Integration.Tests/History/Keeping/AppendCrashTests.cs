using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.History.Keeping;

/// <summary>Appends that end early, at each of their commands, before or after the server has done it.</summary>
public sealed class AppendCrashTests : IAsyncLifetime
{
    private readonly string _application = $"history-{Guid.NewGuid():N}";
    private TestService _service = null!;

    private IMongoCollection<BsonDocument> History => _service.Database.GetCollection<BsonDocument>("history");

    public async ValueTask InitializeAsync()
    {
        var place = await TestPlace.SharedAsync();
        var named = new MongoUrlBuilder(place.MongoDb) { ApplicationName = _application, RetryWrites = true }.ToString();
        _service = await TestService.StartAsync(
            o =>
            {
                o.RelayEnabled = false;
                Wallets.Configure(o, SnapshotPolicy.Every(2));
            },
            place: place with { MongoDb = named });
        await _service.Outbox.ExecuteAsync((tx, ct) => tx.SaveAsync(new Wallet("w1", "Ann"), ct));
    }

    public ValueTask DisposeAsync() => _service.DisposeWithConnectionsAsync();

    [Theory]
    [InlineData("find")]
    [InlineData("insert")]
    [InlineData("commitTransaction")]
    public async Task G11_an_append_that_is_refused_at_any_step_leaves_neither_event_nor_message(string step)
    {
        await using (await FailAsync(step, new BsonDocument("errorCode", 8000), times: null))
        {
            await Assert.ThrowsAnyAsync<MongoException>(ChangeAsync);
        }

        Assert.Equal((1, 1), await CountAsync());

        await ChangeAsync();
        Assert.Equal((2, 2), await CountAsync());
    }

    [Theory]
    [InlineData("find")]
    [InlineData("insert")]
    [InlineData("commitTransaction")]
    public async Task G12_an_append_whose_answer_is_lost_at_any_step_appends_once(string step)
    {
        await using var lost = await FailAsync(step, new BsonDocument("closeConnection", true), times: 1);

        await ChangeAsync();

        Assert.Equal((2, 2), await CountAsync());
    }

    [Fact]
    public async Task G11_events_whose_messages_cannot_be_stored_are_not_kept()
    {
        var taken = (await _service.Messages.Find(FilterDefinition<BsonDocument>.Empty).SingleAsync())["_id"].AsString;

        await Assert.ThrowsAsync<OutboxException>(() => _service.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new MoneyAdded("w1", 5), "w1", 2, new() { MessageId = taken });
            return Task.CompletedTask;
        }));

        Assert.Equal((1, 1), await CountAsync());
    }

    [Fact]
    public async Task G12_a_commit_that_the_server_did_without_saying_so_appends_once()
    {
        var shuttingDown = new BsonDocument { { "code", 91 }, { "errmsg", "shutting down" }, { "errorLabels", new BsonArray { "RetryableWriteError" } } };
        await using var unsaid = await FailAsync("commitTransaction", new BsonDocument("writeConcernError", shuttingDown), times: 1);

        await ChangeAsync();

        Assert.Equal((2, 2), await CountAsync());
    }

    [Fact]
    public async Task G11_a_snapshot_that_cannot_be_stored_costs_its_append_nothing()
    {
        await using (await FailAsync("update", new BsonDocument("errorCode", 8000), times: null))
        {
            await ChangeAsync();
        }

        Assert.Equal((2, 2), await CountAsync());
        Assert.Equal(0, await _service.Database.GetCollection<BsonDocument>("history.snapshots").CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
        await ChangeAsync();
        await ChangeAsync();
        Assert.Equal(4, (await _service.Database.GetCollection<BsonDocument>("history.snapshots").Find(FilterDefinition<BsonDocument>.Empty).SingleAsync())["version"].ToInt64());
    }

    private Task ChangeAsync() => _service.Outbox.ExecuteAsync(async (tx, ct) =>
    {
        var wallet = await tx.LoadAsync<Wallet>("w1", ct);
        wallet.Add(5);
        await tx.SaveAsync(wallet, ct);
    });

    private async Task<(long Events, long Messages)> CountAsync() =>
        (await History.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty), await _service.Messages.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));

    private Task<FailPoint> FailAsync(string command, BsonDocument how, int? times) => FailPoint.SetAsync(
        _service.Database.Client, new BsonDocument { { "failCommands", new BsonArray { command } }, { "appName", _application } }.Merge(how), times);
}
