namespace Outbox.Tests.Docs;

public sealed class TestingPageTests
{
    private const string Folder = "tests/Outbox.Testing.Tests";

    [Fact]
    public void Its_code_is_that_of_tests_that_run()
    {
        string[] run =
        [
            .. Samples.Marked($"{Folder}/Harness/MassTransitHarnessTests.cs", "docs"),
            .. Samples.Marked($"{Folder}/Harness/OutboxHarnessTests.cs", "docs"),
            .. Samples.Marked($"{Folder}/Scenarios/ProjectionTests.cs", "docs"),
        ];

        Assert.Equal(run, Markdown.Code("docs/testing.md", "csharp"));
        Assert.Equal(5, run.Length);
    }
}
