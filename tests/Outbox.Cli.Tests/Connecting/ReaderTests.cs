using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Answers;
using Outbox.Cli.Tests.Running;
using Outbox.Cli.Tests.Servers;

namespace Outbox.Cli.Tests.Connecting;

public sealed class ReaderTests
{
    /// <summary>What the role read does not allow.</summary>
    private static readonly BsonArray Writes = ["insert", "update", "delete", "findAndModify", "create", "createIndexes", "dropIndexes", "collMod", "commitTransaction", "killSessions"];

    [Fact]
    public async Task A_user_who_may_only_read_sees_everything_and_is_told_that_he_may_not_act()
    {
        var name = $"reader-{Guid.NewGuid():N}";
        var environment = new Dictionary<string, string>(await Installed.EnvironmentAsync());
        var admin = new MongoClient(environment["OUTBOX_MONGODB"]).GetDatabase("admin");
        environment["OUTBOX_MONGODB"] += (environment["OUTBOX_MONGODB"].Contains('?') ? "&" : "?") + $"appName={name}";
        await admin.RunCommandAsync<BsonDocument>(new BsonDocument
        {
            { "configureFailPoint", "failCommand" }, { "mode", "alwaysOn" }, { "data", new BsonDocument { { "failCommands", Writes }, { "errorCode", 13 }, { "appName", name } } },
        });
        try
        {
            foreach (var verb in new[] { "status", "doctor", "lanes", "instances", "audit", "parked groups", "parked list", "parked list --discarded", "sequences list", "operations list", "why nobody", "trace nobody", "parked export" })
            {
                var run = await CommandRun.OfAsync(environment, verb.Split(' '));

                Assert.True(run.Code is ExitCode.Done or ExitCode.NotFound, $"{verb}: {run}");
            }

            var refused = await CommandRun.OfAsync(environment, "pause", "relay", "--reason", "a test");

            Assert.Equal(ExitCode.NotPermitted, refused.Code);
            Assert.Single(refused.Error.Trim().Split('\n'));
        }
        finally
        {
            await admin.RunCommandAsync<BsonDocument>(new BsonDocument { { "configureFailPoint", "failCommand" }, { "mode", "off" } });
        }
    }
}
