namespace Outbox.Tests.Docs;

public sealed class MigratingPageTests
{
    [Fact]
    public void The_format_on_the_page_is_the_one_that_is_tested() => Assert.Contains(
        Assert.Single(Samples.Marked("tests/Outbox.Kafka.Tests/Formats/AcmeFormat.cs", "docs")).TrimEnd('\n'), Repository.Read("docs/migrating.md").ReplaceLineEndings("\n"), StringComparison.Ordinal);
}
