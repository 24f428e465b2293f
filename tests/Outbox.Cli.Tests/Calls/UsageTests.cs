using Outbox.Cli.Answers;
using Outbox.Cli.Tests.Running;

namespace Outbox.Cli.Tests.Calls;

/// <summary>What a person gets who has not read the docs: a code, one sentence, and no stack trace.</summary>
public sealed class UsageTests
{
    private const string Secret = "mongodb://anna:s3cret@127.0.0.1:1/orders";

    public static TheoryData<string> Mistakes =>
    [
        "", "parked", "statsu", "why", "status --output yaml", "status --watch=maybe", "pause", "pause everything --reason x", "pause topic --reason x", "pause relay orders --reason x",
        "pause relay", "pause relay --reason x --for soon", "pause relay --reason x --for 30d", "resume topic orders", "replay start billing --reason x", "replay start billing --from nowhere/1 --reason x --mongodb mongodb://127.0.0.1:1/x --timeout 0.1x",
        "audit --limit 0", "status --timeout never", "status", "status --mongodb localhost:27017", "status --mongodb mongodb://", "status --mongodb mongodb://127.0.0.1:1", "status --mongodb mongodb://127.0.0.1:1/x --database a/b",
        "status --profile none", "lag --kafka-config nowhere.properties",
    ];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_ends_with_2_and_says_what_is_wrong(string line)
    {
        var environment = new Dictionary<string, string> { ["OUTBOX_PROFILES"] = Path.Combine(Path.GetTempPath(), "no-such-file.json") };
        if (line.StartsWith("audit", StringComparison.Ordinal))
        {
            environment["OUTBOX_MONGODB"] = (await Servers.TestServers.GetAsync()).MongoDb.ConnectionString;
            environment["OUTBOX_DATABASE"] = (await Servers.Installed.DatabaseAsync());
        }

        var run = await CommandRun.OfAsync(environment, line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.NotEqual("", run.Error.Trim());
        Assert.DoesNotContain("   at ", run.Error);
        Assert.Equal("", run.Out);
    }

    [Theory]
    [InlineData("status --timeout 0.2 --mongodb " + Secret, ExitCode.Unreachable)]
    [InlineData("status --timeout 0.2 --verbose --mongodb " + Secret, ExitCode.Unreachable)]
    [InlineData("status --mongodb mongodb://anna:s3cret@127.0.0.1:1:2/orders", ExitCode.Usage)]
    [InlineData("status --mongodb anna:s3cret@127.0.0.1", ExitCode.Usage)]
    [InlineData("status mongodb://anna:s3cret@127.0.0.1:1/orders", ExitCode.Usage)]
    [InlineData("status --help", ExitCode.Done)]
    internal async Task No_secret_is_said(string line, ExitCode code)
    {
        var run = await CommandRun.OfAsync(new Dictionary<string, string> { ["OUTBOX_MONGODB"] = Secret }, line.Split(' '));

        Assert.Equal(code, run.Code);
        Assert.DoesNotContain("s3cret", run.ToString());
    }

    [Fact]
    public async Task A_server_that_is_down_is_told_in_one_sentence_and_in_whole_only_where_it_is_asked_for()
    {
        var run = await CommandRun.OfAsync("status", "--timeout", "0.3", "--mongodb", "mongodb://127.0.0.1:1/orders");
        var whole = await CommandRun.OfAsync("status", "--timeout", "0.3", "--verbose", "--mongodb", "mongodb://127.0.0.1:1/orders");

        Assert.Equal(ExitCode.Unreachable, run.Code);
        Assert.StartsWith("MongoDB does not answer at 127.0.0.1:1", run.Error);
        Assert.Single(run.Error.Trim().Split('\n'));
        Assert.Contains("   at ", whole.Error);
    }
}
