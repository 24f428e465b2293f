using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History.Repair;
using Outbox.Inbox;
using Outbox.Integration.Tests.Servers;
using Outbox.Messages;

namespace Outbox.Integration.Tests.History.Repairing;

/// <summary>What an owner lets others take of it.</summary>
[Trait("Broker", "none")]
public sealed class AnswerLimitTests : IAsyncLifetime
{
    private readonly AnsweredTopic _topic = new("stock", "item", MessageFormat.Envelope, new AnswerOptions { PerMinute = 100 });
    private readonly string _database = $"t{Guid.NewGuid():N}";
    private RepairInstance _first = null!;
    private RepairInstance _second = null!;

    private IMongoCollection<BsonDocument> Answers => _first.Messages.Database.GetCollection<BsonDocument>("history.answers");

    public async ValueTask InitializeAsync() => (_first, _second) = (await RepairInstance.StartAsync(_database), await RepairInstance.StartAsync(_database));

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task G17_all_instances_together_put_back_no_more_in_a_minute_than_may_be_and_go_on_in_the_next()
    {
        var budgets = new[] { _first.Get<IAnswerBudget>(), _second.Get<IAnswerBudget>() };
        var taken = Enumerable.Range(0, 20).Select(i => budgets[i % 2].TakeAsync(_topic, 9, CancellationToken.None)).ToList();
        await Eventually.TrueAsync(() => Task.FromResult(taken.Count(task => task.IsCompletedSuccessfully) == 12), "the minute is used up");
        Assert.Equal(100, taken.Where(task => task.IsCompletedSuccessfully).Sum(task => task.Result.Versions));

        // The server's minute is over.
        await Answers.UpdateOneAsync(new BsonDocument("_id", "stock"), Builders<BsonDocument>.Update.Set("until", DateTime.UnixEpoch));
        await Eventually.TrueAsync(
            () =>
            {
                _first.Time.Advance(TimeSpan.FromMinutes(1));
                _second.Time.Advance(TimeSpan.FromMinutes(1));
                return Task.FromResult(taken.TrueForAll(task => task.IsCompletedSuccessfully));
            },
            "those who waited go on");
        Assert.Equal(100 + (8 * 9), taken.Sum(task => task.Result.Versions));
    }

    [Fact]
    public async Task G17_an_answer_ends_with_its_share_and_tells_what_is_left()
    {
        await _first.BeginAsync("o");

        var answer = await AnswerAsync(new RepublishVersions("entry", "o", "entries", 1, 4, "asking"), new Grant(2, DateTimeOffset.UtcNow));

        Assert.Equal(new GapAnswer(PutBack: 2, Pending: 0, Elsewhere: 0, Void: 0, Left: 2), answer);
        Assert.Equal([1, 2], await PutBackAsync("o"));
    }

    [Fact]
    public async Task G17_what_is_in_the_outbox_or_parked_there_is_not_put_back()
    {
        await _first.BeginAsync("o");
        await AnswerAsync(new RepublishVersions("entry", "o", "entries", 1, 2, "asking"), new Grant(9, DateTimeOffset.UtcNow));
        var kept = await _first.Messages.Database.GetCollection<BsonDocument>("history").Find(new BsonDocument { { "_id.entityId", "o" }, { "_id.version", 3 } }).SingleAsync();
        await _first.Messages.Database.GetCollection<BsonDocument>("outbox.parked").InsertOneAsync(new BsonDocument { { "_id", kept["messageId"] }, { "parkedAt", DateTime.UtcNow } });

        var own = await AnswerAsync(new RepublishVersions("entry", "o", "entries", 1, 9, "asking"), new Grant(9, DateTimeOffset.UtcNow.AddSeconds(1)));
        var another = await AnswerAsync(new RepublishVersions("entry", "o", "entries", 1, 2, "another"), new Grant(9, DateTimeOffset.UtcNow));

        Assert.Equal(new GapAnswer(PutBack: 1, Pending: 3, Elsewhere: 0, Void: 5, Left: 0), own);
        Assert.Equal(new GapAnswer(PutBack: 0, Pending: 2, Elsewhere: 2, Void: 0, Left: 0), another);
        Assert.Equal([1, 2, 4], await PutBackAsync("o"));
    }

    [Fact]
    public async Task G17_a_range_far_beyond_the_last_version_is_void_at_once()
    {
        var answer = await AnswerAsync(new RepublishVersions("entry", "unknown", "entries", 5, 5_000_000_000, "asking"), new Grant(10, DateTimeOffset.UtcNow));

        Assert.Equal(new GapAnswer(PutBack: 0, Pending: 0, Elsewhere: 0, Void: 4_999_999_996, Left: 0), answer);
        var told = Assert.Single(await _first.Messages.Find(new BsonDocument("type", VersionsVoid.TypeName)).ToListAsync());
        Assert.Equal("""{"entityType":"entry","entityId":"unknown","from":5,"to":5000000000}""", told["payload"].AsString);
        Assert.Equal("asking", told["headers"][MessageHeaders.ReplayFor].AsString);
    }

    private async Task<IEnumerable<long>> PutBackAsync(string entity) =>
        (await _first.Messages.Find(new BsonDocument { { "entityId", entity }, { $"headers.{MessageHeaders.ReplayFor}", "asking" } }).Sort(new BsonDocument("notBefore", 1)).ToListAsync())
        .Select(document => document["version"].ToInt64());

    private async Task<GapAnswer> AnswerAsync(RepublishVersions ask, Grant grant)
    {
        GapAnswer? answer = null;
        await _first.Get<IInbox>().ExecuteAsync(
            new InboxRecord("entries.repair", Guid.NewGuid().ToString(), "republish-versions"),
            async (transaction, token) => answer = await _first.Get<IRepublisher>().AnswerAsync(transaction, _first.Get<AnsweredTopic>(), ask, grant, token),
            CancellationToken.None);
        return answer!;
    }
}
