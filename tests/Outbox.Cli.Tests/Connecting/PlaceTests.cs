using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Answers;
using Outbox.Cli.Tests.Running;
using Outbox.Cli.Tests.Servers;

namespace Outbox.Cli.Tests.Connecting;

public sealed class PlaceTests
{
    [Fact]
    public async Task A_database_without_an_outbox_is_not_found_and_stays_as_it_is()
    {
        var mongo = (await TestServers.GetAsync()).MongoDb.ConnectionString;
        var database = $"t{Guid.NewGuid():N}";

        foreach (var verb in new[] { "status", "why 1", "lanes", "audit", "parked list", "pause relay --reason x", "operations list" })
        {
            var run = await CommandRun.OfAsync(new Dictionary<string, string> { ["OUTBOX_MONGODB"] = mongo, ["OUTBOX_DATABASE"] = database }, verb.Split(' '));

            Assert.Equal(ExitCode.NotFound, run.Code);
            Assert.Contains($"There is no outbox in database '{database}'", run.Error);
        }

        Assert.Empty(await (await new MongoClient(mongo).GetDatabase(database).ListCollectionNamesAsync()).ToListAsync());
    }

    [Fact]
    public async Task Seeing_changes_nothing_and_joins_as_no_instance()
    {
        var environment = await Installed.EnvironmentAsync();
        var documents = new MongoClient(environment["OUTBOX_MONGODB"]).GetDatabase(environment["OUTBOX_DATABASE"]);
        var before = await DumpAsync(documents);

        foreach (var verb in new[] { "status", "doctor", "lanes", "instances", "audit", "parked groups", "parked list", "sequences list", "operations list", "why nobody", "trace nobody" })
        {
            var run = await CommandRun.OfAsync(environment, verb.Split(' '));

            Assert.True(run.Code is ExitCode.Done or ExitCode.NotFound, run.ToString());
        }

        Assert.Equal(before, await DumpAsync(documents));
    }

    private static async Task<string> DumpAsync(IMongoDatabase database)
    {
        var all = new List<string>();
        foreach (var name in (await (await database.ListCollectionNamesAsync()).ToListAsync()).Order(StringComparer.Ordinal))
        {
            var collection = database.GetCollection<BsonDocument>(name);
            var documents = await collection.Find(FilterDefinition<BsonDocument>.Empty).ToListAsync();
            var indexes = await (await collection.Indexes.ListAsync()).ToListAsync();
            all.Add($"{name}: {documents.ToJson()} {indexes.ToJson()}");
        }

        return string.Join("\n", all);
    }
}
