using System.Runtime.CompilerServices;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.Tests.MongoDb.Faults;

/// What is dropped is given back, whoever had to do with it and is still there.
public sealed class MemoryTests : FaultTest
{
    private const int Rounds = 20;
    private const int Documents = 200;

    [Fact]
    public async Task Of_dropped_collections_nothing_is_kept_but_the_bounded_history()
    {
        var (stored, sessions) = (new List<WeakReference>(), new List<IClientSessionHandle>());
        for (var round = 0; round < Rounds; round++)
        {
            sessions.Add(await UseAsync(round, stored));
        }

        Assert.Equal(Rounds * Documents, stored.Count);
        AssertGone(stored, atMost: 300);
        sessions.ForEach(session => session.Dispose());
    }

    [Fact]
    public async Task What_was_dropped_while_a_majority_was_held_is_given_back_when_it_is_released()
    {
        var stored = new List<WeakReference>();
        await FillAsync("held");
        Watch("held", stored);
        using (Server.Faults.HoldMajority())
        {
            await Collection.Database.DropCollectionAsync("held");
        }

        for (var i = 0; i < 200; i++)
        {
            await Collection.InsertOneAsync(new BsonDocument("_id", i));
        }

        AssertGone(stored, atMost: 0);
    }

    [Fact]
    public async Task Cursors_end_with_their_session()
    {
        await FillAsync("things");
        var session = await Client.StartSessionAsync();
        await Collection.Database.RunCommandAsync<BsonDocument>(session, Doc("{ find: 'things', batchSize: 1 }"));
        Assert.Equal(1, Server.State.Cursors.Count);
        Server.State.Sessions.End([session.ServerSession.Id["id"]]);
        Server.State.Cursors.Expire();
        Assert.Equal(0, Server.State.Cursors.Count);
    }

    /// A collection's whole life: made and filled by a transaction, read by cursors that nobody reads to their end, changed, dropped.
    private async Task<IClientSessionHandle> UseAsync(int round, List<WeakReference> stored)
    {
        var name = $"round{round}";
        var things = Collection.Database.GetCollection<BsonDocument>(name);
        var session = await Client.StartSessionAsync();
        session.StartTransaction();
        await things.InsertManyAsync(session, Many());
        await session.CommitTransactionAsync();
        Watch(name, stored);
        await Collection.Database.RunCommandAsync<BsonDocument>(session, Doc($"{{ find: '{name}', batchSize: 2 }}"));
        await Collection.Database.RunCommandAsync<BsonDocument>(session, Doc($"{{ find: '{name}', batchSize: 2, sort: {{ text: 1 }} }}"));
        await Collection.Database.RunCommandAsync<BsonDocument>(Doc($"{{ aggregate: '{name}', pipeline: [{{ $sort: {{ text: -1 }} }}], cursor: {{ batchSize: 2 }} }}"));
        await things.UpdateManyAsync(Doc("{}"), Doc("{ $set: { changed: true } }"));
        await Collection.Database.DropCollectionAsync(name);
        return session;
    }

    private Task FillAsync(string name) => Collection.Database.GetCollection<BsonDocument>(name).InsertManyAsync(Many());

    private static IEnumerable<BsonDocument> Many() =>
        Enumerable.Range(0, Documents).Select(i => new BsonDocument { { "_id", i }, { "text", new string((char)('a' + (i % 26)), 2000) } });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Watch(string name, List<WeakReference> stored)
    {
        var records = Server.State.Store.Catalog.Find(new Namespace("faults", name))!.Records;
        for (var at = records.First; records.TryGet(at, out var record); at = records.Next(at))
        {
            stored.Add(new WeakReference(record.Head.Data));
        }
    }

    private static void AssertGone(List<WeakReference> stored, int atMost)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.InRange(stored.Count(reference => reference.IsAlive), 0, atMost);
    }
}
