using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Embedded.MongoDb;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.Tests.MongoDb.Faults;

/// A server that keeps its data, ended and started again on the same directory.
public sealed class JournalTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("outbox-journal-");

    private string File => Path.Combine(_directory.FullName, "journal");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Documents_indexes_and_transactions_are_there_after_a_restart()
    {
        await RunAsync(async (client, _) =>
        {
            var things = Things(client);
            await things.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc("{ k: 1 }"), new CreateIndexOptions { Unique = true }));
            await things.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc("{ gone: 1 }")));
            await things.Indexes.DropOneAsync("gone_1");
            await things.InsertManyAsync([Doc("{ _id: 1, k: 1 }"), Doc("{ _id: 2, k: 2 }"), Doc("{ _id: 3, k: 3 }")]);
            await things.UpdateOneAsync(Doc("{ _id: 1 }"), Doc("{ $set: { k: 10 } }"));
            await things.DeleteOneAsync(Doc("{ _id: 2 }"));
            using var session = await client.StartSessionAsync();
            session.StartTransaction();
            await things.InsertOneAsync(session, Doc("{ _id: 4, k: 4 }"));
            await things.UpdateOneAsync(session, Doc("{ _id: 4 }"), Doc("{ $set: { k: 40 } }"));
            await session.CommitTransactionAsync();
            session.StartTransaction();
            await things.InsertOneAsync(session, Doc("{ _id: 5, k: 5 }"));
            await client.GetDatabase("kept").CreateCollectionAsync("dropped");
            await client.GetDatabase("kept").DropCollectionAsync("dropped");
            await session.AbortTransactionAsync();
        });
        await RunAsync(async (client, _) =>
        {
            Assert.Equal([Doc("{ _id: 1, k: 10 }"), Doc("{ _id: 3, k: 3 }"), Doc("{ _id: 4, k: 40 }")], await AllAsync(client));
            Assert.Equal(["things"], await (await client.GetDatabase("kept").ListCollectionNamesAsync()).ToListAsync());
            Assert.Equal(["_id_", "k_1"], (await (await Things(client).Indexes.ListAsync()).ToListAsync()).Select(i => i["name"].AsString));
            await Assert.ThrowsAsync<MongoWriteException>(() => Things(client).InsertOneAsync(Doc("{ _id: 9, k: 40 }")));
            await Things(client).InsertOneAsync(Doc("{ _id: 9, k: 1 }"));
        });
        await RunAsync(async (client, _) => Assert.Equal(4, (await AllAsync(client)).Count));
    }

    [Fact]
    public async Task Renamed_and_replaced_collections_are_there_after_a_restart_and_half_made_ones_are_not()
    {
        await RunAsync(async (client, server) =>
        {
            var kept = client.GetDatabase("kept");
            await Things(client).Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc("{ k: 1 }")));
            await Things(client).InsertManyAsync([Doc("{ _id: 1, k: 1 }"), Doc("{ _id: 2, k: 2 }")]);
            await kept.GetCollection<BsonDocument>("others").InsertOneAsync(Doc("{ _id: 'old' }"));
            await kept.RenameCollectionAsync("things", "others", new RenameCollectionOptions { DropTarget = true });
            await kept.GetCollection<BsonDocument>("others").UpdateOneAsync(Doc("{ _id: 2 }"), Doc("{ $set: { k: 3 } }"));
            await kept.GetCollection<BsonDocument>("others").Aggregate().Match(Doc("{ k: 3 }")).OutAsync("things");
            server.State.Store.Catalog.TryCreate(new Namespace("kept", "half"), new BsonDocument(Collection.Temporary, true), out _);
        });
        for (var restart = 0; restart < 2; restart++)
        {
            await RunAsync(async (client, _) =>
            {
                var others = client.GetDatabase("kept").GetCollection<BsonDocument>("others");
                Assert.Equal([Doc("{ _id: 1, k: 1 }"), Doc("{ _id: 2, k: 3 }")], await others.Find(Doc("{}")).Sort(Doc("{ _id: 1 }")).ToListAsync());
                Assert.Equal(["_id_", "k_1"], (await (await others.Indexes.ListAsync()).ToListAsync()).Select(i => i["name"].AsString));
                Assert.Equal([Doc("{ _id: 2, k: 3 }")], await AllAsync(client));
                Assert.Equal(["others", "things"], await (await client.GetDatabase("kept").ListCollectionNamesAsync()).ToListAsync());
            });
        }
    }

    [Fact]
    public async Task What_was_rolled_back_stays_away()
    {
        await RunAsync(async (client, server) =>
        {
            await Things(client).InsertOneAsync(Doc("{ _id: 1 }"));
            server.Faults.HoldMajority();
            await Things(client).WithWriteConcern(WriteConcern.W1).InsertOneAsync(Doc("{ _id: 2 }"));
            await server.Faults.RollbackAsync();
            await Things(client).InsertOneAsync(Doc("{ _id: 3 }"));
        });
        await RunAsync(async (client, _) => Assert.Equal([Doc("{ _id: 1 }"), Doc("{ _id: 3 }")], await AllAsync(client)));
    }

    [Fact]
    public async Task A_change_stream_resumes_across_a_restart()
    {
        BsonDocument? token = null;
        await RunAsync(async (client, _) =>
        {
            using var stream = await Things(client).WatchAsync();
            token = stream.GetResumeToken();
            await Things(client).InsertManyAsync([Doc("{ _id: 1 }"), Doc("{ _id: 2 }")]);
        });
        await RunAsync(async (client, _) =>
        {
            using var stream = await Things(client).WatchAsync(new ChangeStreamOptions { ResumeAfter = token });
            Assert.True(await stream.MoveNextAsync());
            Assert.Equal([1, 2], stream.Current.Select(change => change.DocumentKey["_id"].ToInt32()));
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(40)]
    public async Task A_torn_last_entry_is_cut_off(int missing)
    {
        await RunAsync((client, _) => Things(client).InsertManyAsync(Enumerable.Range(0, 10).Select(i => new BsonDocument("_id", i))));
        using (var file = new FileStream(File, FileMode.Open))
        {
            file.SetLength(file.Length - missing);
        }

        await RunAsync(async (client, _) =>
        {
            Assert.Equal(9, (await AllAsync(client)).Count);
            await Things(client).InsertOneAsync(Doc("{ _id: 9 }"));
        });
        await RunAsync(async (client, _) => Assert.Equal(10, (await AllAsync(client)).Count));
    }

    [Fact]
    public async Task Any_other_damage_stops_the_start()
    {
        await RunAsync((client, _) => Things(client).InsertManyAsync(Enumerable.Range(0, 10).Select(i => new BsonDocument("_id", i))));
        var bytes = await System.IO.File.ReadAllBytesAsync(File);
        foreach (var place in new[] { 0, 10, 30, bytes.Length / 2 })
        {
            var damaged = (byte[])bytes.Clone();
            damaged[place] ^= 0x55;
            await System.IO.File.WriteAllBytesAsync(File, damaged);
            await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync((_, _) => Task.CompletedTask));
        }

        await System.IO.File.WriteAllBytesAsync(File, bytes);
        await RunAsync(async (client, _) => Assert.Equal(10, (await AllAsync(client)).Count));
    }

    [Fact]
    public async Task Two_servers_cannot_share_a_directory() =>
        await RunAsync(async (_, _) => await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync((_, _) => Task.CompletedTask)));

    private static IMongoCollection<BsonDocument> Things(IMongoClient client) => client.GetDatabase("kept").GetCollection<BsonDocument>("things");

    private static Task<List<BsonDocument>> AllAsync(IMongoClient client) => Things(client).Find(Doc("{}")).Sort(Doc("{ _id: 1 }")).ToListAsync();

    private static BsonDocument Doc(string json) => BsonDocument.Parse(json);

    private async Task RunAsync(Func<IMongoClient, MongoServer, Task> body)
    {
        await using var server = await MongoServer.StartAsync(new MongoServerOptions { DataDirectory = _directory.FullName });
        using var client = new MongoClient(server.ConnectionString);
        await body(client, server);
    }
}
