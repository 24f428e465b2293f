using Outbox.Tests.Standards;

namespace Outbox.Tests.Docs;

public sealed class LinkTests
{
    public static TheoryData<string> Pages => [.. Markdown.Pages()];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_leads_somewhere(string page) => Rule.Holds(
        Markdown.Links(page).Where(link => !Resolves(page, link)),
        $"{page} links to what is not there. Files are given relative to the page, headings as #their-words:");

    private static bool Resolves(string page, string link)
    {
        if (link.Contains("://", StringComparison.Ordinal))
        {
            return Uri.TryCreate(link, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps;
        }

        var parts = link.Split('#', 2);
        var target = parts[0] == "" ? page : Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, parts[0])));
        return Repository.Has(target) && (parts.Length == 1 || (target.EndsWith(".md", StringComparison.Ordinal) && Markdown.Anchors(target).Contains(parts[1])));
    }
}
