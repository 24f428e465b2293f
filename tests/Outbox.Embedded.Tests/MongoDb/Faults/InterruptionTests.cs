using System.Threading.Channels;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Events;
using MongoDB.Driver.Core.Servers;
using Outbox.Embedded.MongoDb;
using Outbox.Embedded.MongoDb.Faults;

namespace Outbox.Embedded.Tests.MongoDb.Faults;

public sealed class InterruptionTests : FaultTest
{
    [Theory]
    [InlineData(DropMoment.Before)]
    [InlineData(DropMoment.After)]
    public async Task A_dropped_insert_is_there_exactly_once_after_the_retry(DropMoment moment)
    {
        Server.Faults.DropConnection(moment, 1, "insert");
        await Collection.InsertOneAsync(Doc("{ _id: 1 }"));
        Assert.Single(await ReadAsync(ReadConcern.Local));
    }

    [Theory]
    [InlineData(DropMoment.Before, 0)]
    [InlineData(DropMoment.After, 1)]
    public async Task Without_retry_the_moment_decides_whether_the_write_happened(DropMoment moment, int expected)
    {
        using var client = new MongoClient(Server.ConnectionString + "&retryWrites=false");
        Server.Faults.DropConnection(moment, 1, "insert");
        var collection = client.GetDatabase("faults").GetCollection<BsonDocument>("things");
        await Assert.ThrowsAsync<MongoConnectionException>(() => collection.InsertOneAsync(Doc("{ _id: 1 }")));
        Assert.Equal(expected, (await ReadAsync(ReadConcern.Local)).Count);
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_committed_once()
    {
        await Client.GetDatabase("faults").CreateCollectionAsync("things");
        Server.Faults.DropConnection(DropMoment.After, 1, "commitTransaction");
        using var session = await Client.StartSessionAsync();
        session.StartTransaction();
        await Collection.InsertOneAsync(session, Doc("{ _id: 1 }"));
        await session.CommitTransactionAsync();
        Assert.Single(await ReadAsync(ReadConcern.Majority));
    }

    [Fact]
    public async Task Without_a_primary_writes_wait_and_open_transactions_are_lost()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1 }"));
        using var session = await Client.StartSessionAsync();
        session.StartTransaction();
        await Collection.InsertOneAsync(session, Doc("{ _id: 2 }"));
        Server.Faults.StepDown();
        var secondary = await Collection.WithReadPreference(ReadPreference.SecondaryPreferred).Find(Doc("{}")).ToListAsync();
        Assert.Single(secondary);
        var write = Collection.InsertOneAsync(Doc("{ _id: 3 }"));
        Server.Faults.StepUp();
        await write;
        var error = await Assert.ThrowsAnyAsync<MongoException>(() => session.CommitTransactionAsync());
        Assert.True(error.HasErrorLabel("TransientTransactionError"));
        Assert.Equal([1, 3], (await ReadAsync(ReadConcern.Majority)).Select(d => d["_id"].ToInt32()));
    }

    [Fact]
    public async Task A_step_down_by_command_ends_by_itself()
    {
        var admin = Client.GetDatabase("admin");
        await admin.RunCommandAsync<BsonDocument>(Doc("{ replSetStepDown: 1, force: true }"));
        await Collection.InsertOneAsync(Doc("{ _id: 1 }"));
        Assert.Single(await ReadAsync(ReadConcern.Majority));
    }

    [Fact]
    public async Task A_client_follows_a_server_that_was_restarted_after_an_election()
    {
        var port = Server.Port;
        var primaries = Channel.CreateUnbounded<ObjectId>();
        var settings = MongoClientSettings.FromConnectionString(Server.ConnectionString);
        settings.ClusterConfigurator = cluster => cluster.Subscribe<ServerDescriptionChangedEvent>(change =>
        {
            if (change.NewDescription.Type == ServerType.ReplicaSetPrimary)
            {
                primaries.Writer.TryWrite(change.NewDescription.TopologyVersion.ProcessId);
            }
        });
        Server.Faults.StepDown();
        Server.Faults.StepUp();
        using var client = new MongoClient(settings);
        var first = await primaries.Reader.ReadAsync();

        await Server.DisposeAsync();
        await using var restarted = await MongoServer.StartAsync(new MongoServerOptions { Port = port });
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await primaries.Reader.ReadAsync(deadline.Token) == first)
        {
        }

        await client.GetDatabase("faults").GetCollection<BsonDocument>("things").InsertOneAsync(Doc("{ _id: 1 }"), cancellationToken: deadline.Token);
    }

    [Fact]
    public async Task A_pause_holds_commands_back_until_it_ends()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1 }"));
        Server.Faults.Pause();
        var read = ReadAsync(ReadConcern.Local);
        Assert.NotSame(read, await Task.WhenAny(read, Task.Delay(200)));
        Server.Faults.Resume();
        Assert.Single(await read);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_whose_answer_never_comes_has_happened_once(bool retries)
    {
        using var client = new MongoClient($"{Server.ConnectionString}&socketTimeoutMS=500&retryWrites={(retries ? "true" : "false")}");
        Server.Faults.DelayAnswer(Timeout.InfiniteTimeSpan, 1, "update");
        await Collection.InsertOneAsync(Doc("{ _id: 1, v: 0 }"));
        var write = client.GetDatabase("faults").GetCollection<BsonDocument>("things").UpdateOneAsync(Doc("{ _id: 1 }"), Doc("{ $inc: { v: 1 } }"));
        if (retries)
        {
            await write;
        }
        else
        {
            await Assert.ThrowsAsync<MongoConnectionException>(() => write);
        }

        Assert.Equal(1, (await ReadAsync(ReadConcern.Local)).Single()["v"]);
    }

    [Fact]
    public async Task An_answer_can_come_late()
    {
        var started = TimeProvider.System.GetTimestamp();
        Server.Faults.DelayAnswer(TimeSpan.FromMilliseconds(300), 1, "insert");
        await Collection.InsertOneAsync(Doc("{ _id: 1 }"));
        Assert.True(TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromMilliseconds(250));
    }

    [Fact]
    public async Task The_servers_clock_can_be_wrong()
    {
        Server.Faults.ClockOffset = TimeSpan.FromHours(-5);
        var hello = await Client.GetDatabase("admin").RunCommandAsync<BsonDocument>(Doc("{ hello: 1 }"));
        Assert.InRange(DateTime.UtcNow - hello["localTime"].ToUniversalTime(), TimeSpan.FromHours(4.9), TimeSpan.FromHours(5.1));
    }

    [Fact]
    public async Task Random_faults_lose_and_repeat_nothing_when_writes_are_retried()
    {
        Server.Faults.DropAtRandom(seed: 42, probability: 0.1);
        var (done, failed) = (0, 0);
        for (var i = 0; i < 60; i++)
        {
            try
            {
                await Collection.InsertOneAsync(new BsonDocument("_id", i));
                done++;
            }
            catch (MongoConnectionException)
            {
                // Dropped twice in a row: the driver retries once.
                failed++;
            }
        }

        Server.Faults.DropAtRandom(0, 0);
        var there = (await ReadAsync(ReadConcern.Local)).Count;
        Assert.InRange(there, done, done + failed);
        Assert.True(failed < 10);
    }
}
