using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery;
using Outbox.Delivery.Publishing;
using Outbox.Integration.Tests.Servers;
using Outbox.Messages;

namespace Outbox.Integration.Tests.Delivery.Parking;

/// <summary>A message is in the outbox or parked, never in both and never in neither, wherever a move between them ends early.</summary>
public sealed class ParkingTests : IAsyncLifetime
{
    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;
    private readonly string _application = $"parking-{Guid.NewGuid():N}";
    private TestService _service = null!;

    private IOutboxReader Reader => _service.Services.GetRequiredService<IOutboxReader>();

    private IMongoCollection<BsonDocument> Parked => _service.Database.GetCollection<BsonDocument>("outbox.parked");

    public async ValueTask InitializeAsync()
    {
        var place = await TestPlace.SharedAsync();
        var named = new MongoUrlBuilder(place.MongoDb) { ApplicationName = _application }.ToString();
        _service = await TestService.StartAsync(o => o.RelayEnabled = false, place: place with { MongoDb = named });
        await _service.PublishAsync("o1", 1);
    }

    public ValueTask DisposeAsync() => _service.DisposeWithConnectionsAsync();

    [Theory]
    [InlineData("find")]
    [InlineData("delete")]
    [InlineData("update")]
    [InlineData("commitTransaction")]
    public async Task G3_parking_that_dies_at_any_step_leaves_the_message_in_the_outbox_alone(string step)
    {
        var message = await ReadAsync();
        await using (await FailAsync(step))
        {
            await Assert.ThrowsAnyAsync<MongoException>(() => Reader.ParkAsync([message], CancellationToken.None));
        }

        Assert.Equal((1, 0), await CountAsync());

        await Reader.ParkAsync([message], CancellationToken.None);
        Assert.Equal((0, 1), await CountAsync());
    }

    [Theory]
    [InlineData("find")]
    [InlineData("delete")]
    [InlineData("update")]
    [InlineData("commitTransaction")]
    public async Task A_retry_that_dies_at_any_step_leaves_the_message_parked_and_can_be_repeated(string step)
    {
        var message = await ParkAsync();
        await using (await FailAsync(step))
        {
            await Assert.ThrowsAnyAsync<MongoException>(() => _service.Operations.RetryAsync(message, "the topic is there now"));
        }

        Assert.Equal((0, 1), await CountAsync());

        Assert.True(await _service.Operations.RetryAsync(message, "the topic is there now"));
        Assert.Equal((1, 0), await CountAsync());
        Assert.False(await _service.Operations.RetryAsync(message, "again"));
    }

    [Fact]
    public async Task A_message_that_is_not_in_the_outbox_any_more_is_not_parked()
    {
        var message = await ReadAsync();
        await _service.Messages.DeleteManyAsync(All);

        await Reader.ParkAsync([message], CancellationToken.None);

        Assert.Equal((0, 0), await CountAsync());
    }

    [Fact]
    public async Task What_is_parked_is_the_stored_document_with_fields_that_only_a_later_version_knows()
    {
        await _service.Messages.UpdateOneAsync(All, new BsonDocument("$set", new BsonDocument("colour", "blue")));
        var message = await ParkAsync();
        Assert.Equal("blue", (await Parked.Find(All).SingleAsync())["colour"]);

        await _service.Operations.RetryAsync(message, "the topic is there now");
        var back = await _service.Messages.Find(All).SingleAsync();
        Assert.Equal("blue", back["colour"]);
        Assert.DoesNotContain(back.Names, name => name is "error" or "attempts" or "hold" or "parkedAt");
    }

    [Fact]
    public async Task A_copy_that_was_left_in_the_outbox_goes_with_the_retry()
    {
        var message = await ParkAsync(leaveCopy: true);

        Assert.True(await _service.Operations.RetryAsync(message, "the topic is there now"));

        Assert.Equal((1, 0), await CountAsync());
    }

    [Fact]
    public async Task A_copy_that_was_left_in_the_outbox_is_discarded_too()
    {
        var message = await ParkAsync(leaveCopy: true);

        Assert.True(await _service.Operations.DiscardAsync(message, "nobody needs it"));

        Assert.Equal((0, 0), await CountAsync());
    }

    [Fact]
    public async Task A_message_that_is_not_parked_cannot_be_discarded()
    {
        var message = await ReadAsync();

        Assert.False(await _service.Operations.DiscardAsync(message.Message.MessageId, "by mistake"));

        Assert.Equal((1, 0), await CountAsync());
    }

    [Fact]
    public async Task A_retried_message_goes_to_the_lane_that_its_entity_has_today()
    {
        var message = await ParkAsync();
        var lane = (await Parked.Find(All).SingleAsync())["lane"];
        await Parked.UpdateOneAsync(All, new BsonDocument("$set", new BsonDocument("lane", 1000)));

        await _service.Operations.RetryAsync(message, "the topic is there now");

        Assert.Equal(lane, (await _service.Messages.Find(All).SingleAsync())["lane"]);
    }

    private async Task<UnpublishableMessage> ReadAsync()
    {
        var stored = await _service.Database.GetCollection<OutboxMessage>("outbox").Find(FilterDefinition<OutboxMessage>.Empty).SingleAsync();
        return new UnpublishableMessage(stored, "the topic is not there", 3, HoldsEntity: true);
    }

    private async Task<string> ParkAsync(bool leaveCopy = false)
    {
        var message = await ReadAsync();
        var stored = await _service.Messages.Find(All).SingleAsync();
        await Reader.ParkAsync([message], CancellationToken.None);
        if (leaveCopy)
        {
            await _service.Messages.InsertOneAsync(stored);
        }

        return message.Message.MessageId;
    }

    /// <summary>Error 8000 is one that no driver retries.</summary>
    private Task<FailPoint> FailAsync(string command) => FailPoint.SetAsync(_service.Database.Client, new BsonDocument
    {
        { "failCommands", new BsonArray { command } }, { "errorCode", 8000 }, { "appName", _application },
    });

    private async Task<(long Outbox, long Parked)> CountAsync() => (await _service.Messages.CountDocumentsAsync(All), await Parked.CountDocumentsAsync(All));
}
