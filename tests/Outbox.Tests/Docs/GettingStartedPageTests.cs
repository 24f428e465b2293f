namespace Outbox.Tests.Docs;

public sealed class GettingStartedPageTests
{
    private const string Page = "docs/getting-started.md";
    private const string Folder = "examples/GettingStarted";

    [Theory]
    [InlineData("csharp", "*.cs")]
    [InlineData("json", "appsettings.json")]
    public void It_shows_the_files_that_are_compiled_and_run_and_leaves_none_out(string language, string files) => Assert.Equal(
        Repository.Files(Folder, files).Select(file => Repository.Read(file).ReplaceLineEndings("\n")).Order(StringComparer.Ordinal),
        Markdown.Code(Page, language).Order(StringComparer.Ordinal));
}
