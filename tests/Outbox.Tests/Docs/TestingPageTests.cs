namespace Outbox.Tests.Docs;

public sealed class TestingPageTests
{
    private const string Folder = "tests/Outbox.Testing.Tests/Harness";

    [Fact]
    public void Its_code_is_that_of_tests_that_run()
    {
        string[] run = [.. Samples.Marked($"{Folder}/MassTransitHarnessTests.cs", "docs"), .. Samples.Marked($"{Folder}/OutboxHarnessTests.cs", "docs")];

        Assert.Equal(run, Markdown.Code("docs/testing.md", "csharp"));
        Assert.Equal(3, run.Length);
    }
}
