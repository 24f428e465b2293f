using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Events;
using Outbox.Integration.Tests.Servers;
using Outbox.MongoDb.Sessions;

namespace Outbox.Integration.Tests.Capture;

/// <summary>A caller who goes away (a request that is aborted, a host that stops) leaves no transaction open on the server, which would keep its documents for a minute.</summary>
public sealed class CancelledTransactionTests
{
    /// <summary>What a busy machine may need; far from the server's minute.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static readonly FilterDefinition<BsonDocument> TheOrder = new BsonDocument("_id", "o1");
    private static readonly UpdateDefinition<BsonDocument> Written = Builders<BsonDocument>.Update.Inc("written", 1);

    private readonly CancellationTokenSource _caller = new();
    private volatile bool _isWriting;

    [Fact]
    public async Task G1_cancelled_in_the_callback_nothing_is_written_and_nothing_stays_locked()
    {
        await using var service = await ServiceAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WriteAsync(service, _caller.Cancel));

        await WriteAtOnceAsync(service, written: 1);
    }

    [Fact]
    public async Task G1_cancelled_while_a_command_is_on_its_way_nothing_is_written_and_nothing_stays_locked()
    {
        await using var service = await ServiceAsync(cancelledAt: "update");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WriteAsync(service));

        await WriteAtOnceAsync(service, written: 1);
    }

    [Theory]
    [InlineData("commitTransaction", null)]
    [InlineData(null, "insert")]
    public async Task G1_cancelled_when_it_commits_or_just_before_it_is_committed_and_says_so(string? started, string? succeeded)
    {
        await using var service = await ServiceAsync(started, succeeded);

        await WriteAsync(service);

        await WriteAtOnceAsync(service, written: 2);
    }

    [Fact]
    public async Task The_frameworks_own_transactions_leave_nothing_locked_either()
    {
        await using var service = await ServiceAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.Services.GetRequiredService<ShortTransactions>().RunAsync(
            async (session, token) =>
            {
                await service.Orders.UpdateOneAsync(session, TheOrder, Written, new UpdateOptions { IsUpsert = true }, token);
                await _caller.CancelAsync();
                token.ThrowIfCancellationRequested();
                return true;
            },
            _caller.Token));

        await WriteAtOnceAsync(service, written: 1);
    }

    private async Task<TestService> ServiceAsync(string? cancelledAt = null, string? behind = null)
    {
        var place = await TestPlace.SharedAsync();
        var settings = MongoClientSettings.FromConnectionString(place.MongoDb);
        settings.ClusterConfigurator = cluster => cluster
            .Subscribe<CommandStartedEvent>(started => CancelIf(started.CommandName == cancelledAt && started.Command.Contains("autocommit") && _isWriting))
            .Subscribe<CommandSucceededEvent>(succeeded => CancelIf(succeeded.CommandName == behind && _isWriting));
        return await TestService.StartAsync(replace: services => services.AddOwnClient(settings), place: place);
    }

    private void CancelIf(bool isTime)
    {
        if (isTime)
        {
            _caller.Cancel();
        }
    }

    private Task WriteAsync(TestService service, Action? written = null) => service.Outbox.ExecuteAsync(
        async (tx, token) =>
        {
            _isWriting = true;
            await service.Orders.UpdateOneAsync(tx.Session, TheOrder, Written, new UpdateOptions { IsUpsert = true }, token);
            tx.Publish(new OrderPlaced("o1", 7), "o1", 1);
            written?.Invoke();
            token.ThrowIfCancellationRequested();
        },
        cancellationToken: _caller.Token);

    private static async Task WriteAtOnceAsync(TestService service, int written)
    {
        var started = Stopwatch.StartNew();
        await service.Orders.UpdateOneAsync(TheOrder, Written, new UpdateOptions { IsUpsert = true });

        Assert.True(started.Elapsed < Limit, $"The order was locked for {started.Elapsed.TotalSeconds:0.0} s.");
        Assert.Equal(written, (await service.Orders.Find(TheOrder).SingleAsync())["written"].ToInt32());
    }
}
