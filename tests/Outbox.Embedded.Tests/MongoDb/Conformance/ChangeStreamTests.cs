using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Conformance;

public sealed class ChangeStreamTests(MongoFixture mongo) : ConformanceTest(mongo)
{
    [Fact]
    public async Task Every_kind_of_change_is_told_in_order()
    {
        using var stream = await Collection.WatchAsync<BsonDocument>(Raw());
        await Collection.InsertOneAsync(Doc("{ _id: 1, a: { b: 1 }, list: [1], gone: true }"));
        await Collection.UpdateOneAsync(Doc("{ _id: 1 }"), Doc("{ $set: { 'a.b': 2 }, $unset: { gone: '' }, $push: { list: 2 } }"));
        await Collection.ReplaceOneAsync(Doc("{ _id: 1 }"), Doc("{ _id: 1, v: 2 }"));
        await Collection.DeleteOneAsync(Doc("{ _id: 1 }"));
        var events = await TakeAsync(stream, 4);
        Assert.Equal(["insert", "update", "replace", "delete"], events.Select(e => e["operationType"].AsString));
        Assert.Equal(Doc("{ _id: 1, a: { b: 1 }, list: [1], gone: true }"), events[0]["fullDocument"]);
        Assert.Equal(Doc("{ 'a.b': 2, 'list.1': 2 }"), events[1]["updateDescription"]["updatedFields"]);
        Assert.Equal(new BsonArray { "gone" }, events[1]["updateDescription"]["removedFields"]);
        Assert.False(events[1].Contains("fullDocument"));
        Assert.Equal(Doc("{ _id: 1, v: 2 }"), events[2]["fullDocument"]);
        Assert.All(events, e => Assert.Equal(Doc("{ _id: 1 }"), e["documentKey"]));
        Assert.Equal(new BsonDocument { { "db", Database.DatabaseNamespace.DatabaseName }, { "coll", "things" } }, events[3]["ns"]);
    }

    [Fact]
    public async Task A_batch_of_one_holds_one_event_also_when_the_stream_ends()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1 }"));
        using var session = await Client.StartSessionAsync();
        var opened = await Database.RunCommandAsync<BsonDocument>(session, Doc("{ aggregate: 'things', pipeline: [{ $changeStream: {} }], cursor: { batchSize: 0 } }"));
        await Database.DropCollectionAsync("things");
        var next = new BsonDocument { { "getMore", opened["cursor"]["id"] }, { "collection", "things" }, { "batchSize", 1 }, { "maxTimeMS", 10_000 } };
        var (first, second) = (await Database.RunCommandAsync<BsonDocument>(session, next), await Database.RunCommandAsync<BsonDocument>(session, next));
        Assert.Equal("drop", first["cursor"]["nextBatch"].AsBsonArray.Single()["operationType"]);
        Assert.Equal("invalidate", second["cursor"]["nextBatch"].AsBsonArray.Single()["operationType"]);
        Assert.Equal((opened["cursor"]["id"], 0), (first["cursor"]["id"], second["cursor"]["id"].ToInt64()));
    }

    [Fact]
    public async Task A_stream_on_the_whole_cluster_shows_no_internal_database()
    {
        var inner = Client.GetDatabase("admin").GetCollection<BsonDocument>(Database.DatabaseNamespace.DatabaseName);
        using var stream = await Client.WatchAsync(Raw());
        await inner.InsertOneAsync(Doc("{ _id: 1 }"));
        await inner.Database.DropCollectionAsync(inner.CollectionNamespace.CollectionName);
        await Collection.InsertOneAsync(Doc("{ _id: 'mine' }"));
        var name = Database.DatabaseNamespace.DatabaseName;
        var seen = new List<BsonDocument>();
        while (!seen.Exists(e => e["ns"]["db"] == name))
        {
            seen.AddRange(await TakeAsync(stream, 1));
        }

        Assert.DoesNotContain("admin", seen.Select(e => e["ns"]["db"].AsString));
    }

    [Fact]
    public async Task Update_lookup_brings_the_document_as_it_is_now()
    {
        await Collection.InsertManyAsync([Doc("{ _id: 1, v: 1 }"), Doc("{ _id: 2, v: 1 }")]);
        var options = new ChangeStreamOptions { FullDocument = ChangeStreamFullDocumentOption.UpdateLookup };
        using var stream = await Collection.WatchAsync(Raw(), options);
        await Collection.UpdateOneAsync(Doc("{ _id: 2 }"), Doc("{ $set: { v: 2 } }"));
        await Collection.UpdateOneAsync(Doc("{ _id: 1 }"), Doc("{ $set: { v: 3 } }"));
        await Collection.DeleteOneAsync(Doc("{ _id: 2 }"));
        var events = await TakeAsync(stream, 2);
        Assert.Equal(BsonNull.Value, events[0]["fullDocument"]);
        Assert.Equal(Doc("{ _id: 1, v: 3 }"), events[1]["fullDocument"]);
    }

    [Fact]
    public async Task A_transactions_events_come_at_its_commit_with_one_cluster_time()
    {
        await Database.CreateCollectionAsync("things");
        await Database.CreateCollectionAsync("others");
        using var stream = await Database.WatchAsync(Raw());
        using var session = await Client.StartSessionAsync();
        session.StartTransaction();
        await Collection.InsertOneAsync(session, Doc("{ _id: 'in' }"));
        await Database.GetCollection<BsonDocument>("others").InsertOneAsync(session, Doc("{ _id: 'in too' }"));
        await Collection.InsertOneAsync(Doc("{ _id: 'before the commit' }"));
        await session.CommitTransactionAsync();
        await Collection.InsertOneAsync(Doc("{ _id: 'after' }"));
        var events = await TakeAsync(stream, 4);
        Assert.Equal(["before the commit", "in", "in too", "after"], events.Select(e => e["documentKey"]["_id"].AsString));
        Assert.Equal(events[1]["clusterTime"], events[2]["clusterTime"]);
        Assert.Equal(events[1]["lsid"]["id"], session.ServerSession.Id["id"]);
        Assert.False(events[3].Contains("txnNumber"));
    }

    [Fact]
    public async Task A_stream_resumes_after_any_of_its_tokens()
    {
        using var stream = await Collection.WatchAsync(Raw());
        await Collection.InsertManyAsync(Enumerable.Range(1, 5).Select(i => new BsonDocument("_id", i)));
        var events = await TakeAsync(stream, 5);
        foreach (var resume in new[] { new ChangeStreamOptions { ResumeAfter = events[2]["_id"].AsBsonDocument }, new ChangeStreamOptions { StartAfter = events[2]["_id"].AsBsonDocument } })
        {
            using var resumed = await Collection.WatchAsync(Raw(), resume);
            Assert.Equal([4, 5], (await TakeAsync(resumed, 2)).Select(e => e["documentKey"]["_id"].ToInt32()));
        }

        using var timed = await Collection.WatchAsync(Raw(), new ChangeStreamOptions { StartAtOperationTime = events[3]["clusterTime"].AsBsonTimestamp });
        Assert.Equal(4, (await TakeAsync(timed, 1))[0]["documentKey"]["_id"].ToInt32());
    }

    [Fact]
    public async Task Only_what_matches_behind_the_stage_comes_through()
    {
        var pipeline = new EmptyPipelineDefinition<ChangeStreamDocument<BsonDocument>>()
            .AppendStage<ChangeStreamDocument<BsonDocument>, ChangeStreamDocument<BsonDocument>, BsonDocument>(Doc("{ $match: { operationType: 'insert', 'fullDocument.keep': true } }"))
            .AppendStage<ChangeStreamDocument<BsonDocument>, BsonDocument, BsonDocument>(Doc("{ $project: { 'fullDocument._id': 1 } }"));
        using var stream = await Collection.WatchAsync(pipeline);
        await Collection.InsertManyAsync([Doc("{ _id: 1 }"), Doc("{ _id: 2, keep: true }"), Doc("{ _id: 3, keep: false }"), Doc("{ _id: 4, keep: true }")]);
        var events = await TakeAsync(stream, 2);
        Assert.Equal([Doc("{ _id: 2 }"), Doc("{ _id: 4 }")], events.Select(e => e["fullDocument"]));
        Assert.False(events[0].Contains("operationType"));
    }

    [Fact]
    public async Task A_dropped_collection_ends_its_stream_with_an_invalidation_after_which_only_start_after_goes_on()
    {
        using var stream = await Collection.WatchAsync(Raw());
        await Collection.InsertOneAsync(Doc("{ _id: 1 }"));
        await Database.DropCollectionAsync("things");
        var events = await TakeAsync(stream, 3);
        Assert.Equal(["insert", "drop", "invalidate"], events.Select(e => e["operationType"].AsString));
        var token = events[2]["_id"].AsBsonDocument;
        await Assert.ThrowsAsync<MongoCommandException>(() => Collection.WatchAsync(Raw(), new ChangeStreamOptions { ResumeAfter = token }));
        using var again = await Collection.WatchAsync(Raw(), new ChangeStreamOptions { StartAfter = token });
        await Collection.InsertOneAsync(Doc("{ _id: 2 }"));
        Assert.Equal(2, (await TakeAsync(again, 1))[0]["documentKey"]["_id"].ToInt32());
    }

    [Fact]
    public async Task A_stream_without_news_waits_and_moves_its_token_on()
    {
        using var stream = await Collection.WatchAsync(Raw(), new ChangeStreamOptions { MaxAwaitTime = TimeSpan.FromMilliseconds(200) });
        var first = stream.GetResumeToken();
        await Database.GetCollection<BsonDocument>("elsewhere").InsertOneAsync(Doc("{ _id: 1 }"));
        Assert.True(await stream.MoveNextAsync());
        Assert.True(await stream.MoveNextAsync());
        Assert.Empty(stream.Current);
        Assert.NotEqual(first, stream.GetResumeToken());
    }

    [Fact]
    public async Task What_cannot_be_watched_is_refused()
    {
        Task Open(string stages) => Database.RunCommandAsync<BsonDocument>(Doc($"{{ aggregate: 'things', pipeline: {stages}, cursor: {{}} }}"));
        Assert.Equal(20, (await Assert.ThrowsAsync<MongoCommandException>(() => Open("[{ $changeStream: {} }, { $group: { _id: 1 } }]"))).Code);
        Assert.Equal(40324, (await Assert.ThrowsAsync<MongoCommandException>(() => Open("[{ $changeStream: {} }, { $noSuchStage: 1 }]"))).Code);
        await Assert.ThrowsAsync<MongoCommandException>(() => Open("[{ $changeStream: { resumeAfter: { _data: 'nonsense' } } }]"));
        Assert.Equal(40415, (await Assert.ThrowsAsync<MongoCommandException>(() => Open("[{ $changeStream: { showExpandedEvents: true } }]"))).Code);
    }

    private static EmptyPipelineDefinition<ChangeStreamDocument<BsonDocument>> Empty() => new();

    private static PipelineDefinition<ChangeStreamDocument<BsonDocument>, BsonDocument> Raw() =>
        Empty().AppendStage<ChangeStreamDocument<BsonDocument>, ChangeStreamDocument<BsonDocument>, BsonDocument>(Doc("{ $match: {} }"));

    private static async Task<List<BsonDocument>> TakeAsync(IAsyncCursor<BsonDocument> stream, int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var events = new List<BsonDocument>();
        while (events.Count < count && await stream.MoveNextAsync(deadline.Token))
        {
            events.AddRange(stream.Current);
        }

        return events;
    }
}
