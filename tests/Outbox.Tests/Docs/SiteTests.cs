using Outbox.Tests.Standards;

namespace Outbox.Tests.Docs;

public sealed class SiteTests
{
    private const string Contents = "docs/site/toc.yml";

    [Fact]
    public void Every_page_is_in_the_contents_of_the_site() => Rule.Holds(
        Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md").Select(page => Path.GetFileName(page)).Order(StringComparer.Ordinal)
            .Where(page => !Repository.Read(Contents).Contains($"href: ../{page}\n", StringComparison.Ordinal)),
        $"A page that {Contents} does not list is not found by who reads the site:");
}
