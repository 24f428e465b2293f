using Outbox.Cli.Answers;

namespace Outbox.Cli.Tests.Golden;

/// <summary>What programs read, to the letter: scripts of other people go by it.</summary>
public sealed class GoldenTests
{
    private const string Accept = "OUTBOX_ACCEPT_GOLDEN";

    public static TheoryData<string> Names => [.. Samples.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_json_of_an_answer_is_the_approved_one(string name)
    {
        var path = Repository.PathOf($"tests/Outbox.Cli.Tests/Golden/{name}.json");
        var written = new StringWriter();
        Samples.All[name](new Answer(new Screen(written, TextWriter.Null), OutputFormat.Json));
        var actual = written.ToString().ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            File.WriteAllText(path, actual);
        }

        Assert.True(File.Exists(path), $"{path} is missing: run the tests once with {Accept}=1, and look at it.");
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), actual);
    }
}
