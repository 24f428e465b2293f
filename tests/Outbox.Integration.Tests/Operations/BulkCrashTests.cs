using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Integration.Tests.Servers;
using Outbox.MongoDb.Operations.Bulk;
using Outbox.MongoDb.Sessions;
using Outbox.Operations.Auditing;
using Outbox.Operations.Bulk;

namespace Outbox.Integration.Tests.Operations;

/// <summary>An operation is killed at any point, and resumed: each message is taken once.</summary>
[Trait("Broker", "none")]
public sealed class BulkCrashTests
{
    private static readonly BulkRequest RetryAll = new() { Action = BulkAction.Retry, Reason = "the broker is back", Outbox = new() };

    [Fact]
    public async Task Ten_thousand_messages_of_three_groups_are_retried_once_each_whatever_instance_is_killed()
    {
        await using var place = await ParkedPlace.CreateAsync();
        await place.ParkAsync(10_000, groups: 3);
        var id = (await place.Instance().GetRequiredService<IBulkOperations>().StartAsync(RetryAll)).Id;

        foreach (var until in new[] { 1, 700, 4_000, 9_990 })
        {
            await KillAsync(place, id, until);
        }

        var ended = await place.Instance().GetRequiredService<IBulkOperations>().RunAsync(id);
        Assert.Equal((BulkState.Done, 10_000, 10_000, 0), (ended.State, ended.Total, ended.Done, ended.Skipped));
        Assert.Equal(0, await place.Parked.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
        Assert.Equal(10_000, await place.Outbox.CountDocumentsAsync(new BsonDocument("failure.retries", 1)));
        var audited = await AuditedAsync(place, id);
        Assert.Equal((10_000, 10_000), (audited.Count, audited.Distinct().Count()));
    }

    [Fact]
    public async Task An_instance_that_lost_its_lease_changes_nothing_more()
    {
        await using var place = await ParkedPlace.CreateAsync();
        await place.ParkAsync(100, groups: 3);
        var (paused, other, third) = (place.Instance(), place.Instance().GetRequiredService<IBulkOperations>(), place.Instance());
        var id = (await paused.GetRequiredService<IBulkOperations>().StartAsync(RetryAll with { Limit = 60 })).Id;
        var held = (await paused.GetRequiredService<OperationStore>().TakeAsync(id, CancellationToken.None))!;

        // It is killed without a word: nobody else goes on before its lease is over.
        Assert.False(await third.GetRequiredService<BulkRunner>().TryRunAsync(id, CancellationToken.None));
        Assert.Equal(60, (await other.RunAsync(id)).Done);

        var side = paused.GetRequiredService<BulkSides>().Of(held.Operation.Request);
        var late = new BulkRun(paused.GetRequiredService<OperationStore>(), paused.GetRequiredService<ShortTransactions>(), side, held, TimeProvider.System);
        await Assert.ThrowsAsync<OperationLostException>(() => late.RunAsync(CancellationToken.None));
        Assert.Equal((60, 40), (await place.Outbox.CountDocumentsAsync(new BsonDocument()), await place.Parked.CountDocumentsAsync(new BsonDocument())));
        Assert.Equal(60, (await AuditedAsync(place, id)).Count);
    }

    [Fact]
    public async Task An_operation_that_is_cancelled_while_it_runs_ends_with_what_was_noted()
    {
        await using var place = await ParkedPlace.CreateAsync();
        await place.ParkAsync(2_000, groups: 3);
        var operations = place.Instance().GetRequiredService<IBulkOperations>();
        var id = (await operations.StartAsync(RetryAll with { PerSecond = 200 })).Id;
        var running = place.Instance().GetRequiredService<IBulkOperations>().RunAsync(id);
        await Eventually.TrueAsync(async () => (await operations.GetOperationAsync(id))!.Done > 0, "it runs");

        Assert.True(await operations.CancelAsync(id, "enough"));
        var ended = await running;

        Assert.Equal(BulkState.Cancelled, ended.State);
        Assert.InRange(ended.Done, 1, 1_999);
        Assert.Equal(ended.Done, await place.Outbox.CountDocumentsAsync(new BsonDocument()));
        Assert.Equal(2_000 - ended.Done, await place.Parked.CountDocumentsAsync(new BsonDocument()));
    }

    [Fact]
    public async Task The_host_of_a_service_does_the_work()
    {
        await using var place = await ParkedPlace.CreateAsync();
        await place.ParkAsync(200, groups: 3);
        var instance = place.Instance();
        var service = instance.GetServices<Microsoft.Extensions.Hosting.IHostedService>().Single(x => x.GetType().Name == "BulkService");
        await service.StartAsync(CancellationToken.None);

        var operations = instance.GetRequiredService<IBulkOperations>();
        var id = (await operations.StartAsync(RetryAll)).Id;
        await Eventually.TrueAsync(async () => (await operations.GetOperationAsync(id))!.HasEnded, "the host has done it");
        await service.StopAsync(CancellationToken.None);
        Assert.Equal(200, (await operations.GetOperationAsync(id))!.Done);
    }

    [Fact]
    public async Task A_message_that_cannot_be_put_back_is_left_and_the_others_are_not()
    {
        await using var place = await ParkedPlace.CreateAsync();
        await place.ParkAsync(50, groups: 1);
        await place.Database.GetCollection<BsonDocument>("ops.outbox").Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>(new BsonDocument("payload", 1), new CreateIndexOptions<BsonDocument> { Unique = true, PartialFilterExpression = new BsonDocument("payload", "bad") }));
        await place.Parked.UpdateManyAsync(new BsonDocument("_id", new BsonDocument("$in", new BsonArray { "m000007", "m000008" })), Builders<BsonDocument>.Update.Set("payload", "bad"));

        var operations = place.Instance().GetRequiredService<IBulkOperations>();
        var ended = await operations.RunAsync((await operations.StartAsync(RetryAll)).Id);

        Assert.Equal((BulkState.Done, 49, 1), (ended.State, ended.Done, ended.Skipped));
        Assert.Contains("payload", ended.Error, StringComparison.Ordinal);
        Assert.Equal("m000008", (await place.Parked.Find(new BsonDocument()).SingleAsync())["_id"].AsString);
    }

    /// <summary>Has an instance work until so many are done, and ends it in the middle of what it does then.</summary>
    private static async Task KillAsync(ParkedPlace place, string id, int until)
    {
        using var killed = new CancellationTokenSource();
        var instance = place.Instance();
        var operations = instance.GetRequiredService<IBulkOperations>();
        var running = operations.RunAsync(id, progress: null, killed.Token);
        await Eventually.TrueAsync(async () => (await operations.GetOperationAsync(id))!.Done >= until, $"{until} are done", seconds: 240);
        await killed.CancelAsync();
        var error = await Record.ExceptionAsync(() => running);
        Assert.True(error is OperationCanceledException or null, $"{error}");
    }

    private static async Task<List<string>> AuditedAsync(ParkedPlace place, string id)
    {
        var audit = place.Database.GetCollection<BsonDocument>("ops.outbox.audit");
        var found = await audit.Find(new BsonDocument { { "operationId", id }, { "act", AuditActs.Retry } }).ToListAsync();
        return [.. found.SelectMany(entry => entry["messageIds"].AsBsonArray.Select(message => message.AsString))];
    }
}
